"""The themes: chosen without a log-in and without JavaScript, kept in a cookie, linked by the server."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from review.theme import THEMES

pytestmark = pytest.mark.django_db


def sheets(client: Client) -> list[str]:
    """The vendor's style sheets that the log-in page links, with their media."""
    page = client.get("/login").content.decode()
    return re.findall(r'href="/static/vendor/([a-z-]+\.css"(?: media="[^"]+")?)', page)


def test_without_a_choice_the_system_decides(client: Client) -> None:
    assert sheets(client) == [
        'components.css"',
        'light.css"',
        'dark.css" media="screen and (prefers-color-scheme: dark)"',
        'high-contrast.css" media="screen and (prefers-contrast: more)"',
    ]


@pytest.mark.parametrize("theme", ["light", "dark", "high-contrast"])
def test_a_choice_is_kept(client: Client, theme: str) -> None:
    answer = client.post("/theme", {"theme": theme, "back": "/login?next=/handover"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=/handover")
    cookie = answer.cookies["theme"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    on_paper = [] if theme == "light" else [f'{theme}.css" media="screen"', 'light.css" media="print"']
    assert sheets(client) == ['components.css"', *(on_paper or ['light.css"'])]
    page = client.get("/login").content.decode()
    assert f'data-theme="{theme}"' in page
    assert re.findall(r'value="([a-z-]+)" aria-pressed="true"', page) == [theme]


def test_a_theme_that_is_none_is_refused(client: Client) -> None:
    assert client.post("/theme", {"theme": "../evil"}).status_code == 400
    client.cookies["theme"] = 'x"><script>'
    assert 'data-theme="system"' in client.get("/login").content.decode()
    assert len(THEMES) == 4


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "/\\evil.example"]
)
def test_nobody_is_led_elsewhere(client: Client, back: str) -> None:
    assert client.post("/theme", {"theme": "dark", "back": back}).headers["Location"] == "/"


def test_only_a_form_of_ours_changes_it(client: Client) -> None:
    assert client.get("/theme").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/theme", {"theme": "dark"}).status_code == 403


def test_the_csp_allows_nothing_foreign(client: Client) -> None:
    policy = client.get("/login").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "http" not in policy
