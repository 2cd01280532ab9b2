"""Which of DÁP's themes a person's pages are drawn in: a cookie of their browser, else what their system asks for."""

from __future__ import annotations

from django.http import HttpRequest

THEMES = ("system", "light", "dark", "high-contrast")
COOKIE = "theme"


def chosen_theme(request: HttpRequest) -> str:
    """One of THEMES, whatever the cookie says."""
    value = request.COOKIES.get(COOKIE, "")
    return value if value in THEMES else THEMES[0]


def theme(request: HttpRequest) -> dict[str, object]:
    """For templates: `theme` as chosen, and `themes` to choose from."""
    return {"theme": chosen_theme(request), "themes": THEMES}
