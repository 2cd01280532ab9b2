"""Before something sensitive the person shows once more who they are, unless they did in the last ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def confirmed(view: View) -> View:
    """Below `@needs`: asks for password or code first, then does what was asked for."""
    return cast(View, reauthentication_required(view))
