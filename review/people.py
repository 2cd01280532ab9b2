"""Who acts."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest


def actor(request: HttpRequest) -> User:
    """The logged-in person; every page but the login demands one."""
    return cast(User, request.user)
