"""Which requests a form names, each in the version that was shown."""

from __future__ import annotations

import re

from django.http import HttpRequest

from registry.services.change import Target

_TARGET = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")


def chosen_targets(request: HttpRequest) -> list[Target]:
    """The marked rows ("12:3" each: the key and the version), or those that a confirmation named in one field."""
    values = [*request.POST.getlist("row"), *request.POST.get("targets", "").split()]
    found = (_TARGET.fullmatch(value) for value in values)
    return list(dict.fromkeys(Target(int(one[1]), int(one[2])) for one in found if one))
