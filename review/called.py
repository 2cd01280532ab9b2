"""How the page calls a request whose person it may not know by name."""

from __future__ import annotations

from registry.models import Registration
from review.labels import label


def called(registration: Registration) -> str:
    """The person's name, else their address, else words for somebody without either; its key would tell nobody."""
    return registration.full_name or registration.email or label("done", "nameless")
