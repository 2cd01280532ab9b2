"""A session as its owner knows it: which browser on what, from where, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession

BROWSERS = (  # the first whose mark stands in the User-Agent: later ones call themselves by earlier names too
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """`browser` and `system` are "" where the browser does not say; `current` is where the list is read."""

    pk: int
    browser: str
    system: str
    address: str
    since: datetime
    seen_at: datetime
    current: bool


def device_of(row: UserSession, current_key: str | None) -> Device:
    """The session as a device."""
    return Device(
        pk=row.pk,
        browser=_first(BROWSERS, row.user_agent),
        system=_first(SYSTEMS, row.user_agent),
        address=str(row.ip),
        since=row.created_at,
        seen_at=row.last_seen_at,
        current=row.session_key == current_key,
    )


def _first(marks: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in marks if mark in text), "")
