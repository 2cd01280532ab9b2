"""Every page, in every theme and on a phone: axe-core finds nothing, nothing breaks the CSP, nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponseNotAllowed
from django.test import RequestFactory
from django.urls import URLPattern
from playwright.sync_api import Error, Page, ViewportSize

from review.theme import COOKIE, THEMES
from tests.browser.axe import CONTRAST, find_violations, find_wide
from tests.browser.focus import find_unseen
from tests.browser.pages import NO_PAGE, PAGES, walk
from tests.browser.world import World, fill

pytestmark = pytest.mark.browser
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
WATCH = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


@pytest.fixture
def world(page: Page, user: User) -> World:
    """A filled database; the log-in came before."""
    page.add_init_script(WATCH)
    return fill(user)


def choose(page: Page, theme: str) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": theme, "url": page.url}])


def answers_get(pattern: URLPattern) -> bool:
    """Whether a GET comes past the view's `require_POST`, however it ends then without a person and a database."""
    kwargs = {key: converter.to_python("1") for key, converter in pattern.pattern.converters.items()}
    try:
        answer = pattern.callback(RequestFactory().get("/"), **kwargs)
    except (Exception, pytest.fail.Exception):
        return True
    return not isinstance(answer, HttpResponseNotAllowed)


def on_a_phone(page: Page) -> list[str]:
    """What is wrong with the page at a phone's width."""
    page.set_viewport_size(PHONE)
    return [*find_wide(page), *find_violations(page)]


def tour(page: Page, world: World, look: Callable[[Page], list[str]], *, public: bool = False) -> None:
    """Open one page after the other, first at a desktop's width; fails at the end, with all that `look` found."""
    wrong: list[str] = []
    for stop in PAGES:
        if stop.public != public:
            continue
        try:
            page.set_viewport_size(DESKTOP)
            answer = page.goto(stop.address(world))
            if answer is None or answer.status != 200:
                wrong.append(f"{stop.name}: no page")
                continue
            stop.act(page)
            wrong += [f"{stop.name}: {one}" for one in look(page)]
        except Error as error:
            wrong.append(f"{stop.name}: {error}")
    assert not wrong, "\n".join(wrong)


def test_every_address_is_a_page_here_or_none() -> None:
    known = {stop.url_name for stop in PAGES} | NO_PAGE.keys()
    shown = [name for name, pattern in walk() if name not in known and answers_get(pattern)]
    assert not shown, f"add {shown} to PAGES or NO_PAGE of tests/browser/pages.py"


def test_every_page_is_accessible(page: Page, world: World) -> None:
    choose(page, "light")
    tour(page, world, lambda page: [*find_violations(page), *find_unseen(page)])


@pytest.mark.parametrize("theme", ["dark", "high-contrast"])
def test_every_page_has_contrast(page: Page, world: World, theme: str) -> None:
    """What else axe-core asks for is the same in every theme."""
    choose(page, theme)
    tour(page, world, lambda page: find_violations(page, CONTRAST))


def test_every_page_fits_a_phone(page: Page, world: World) -> None:
    choose(page, "light")
    tour(page, world, on_a_phone)


@pytest.mark.parametrize("theme", THEMES)
def test_the_public_pages(visitor: Page, world: World, theme: str) -> None:
    visitor.context.clear_cookies()
    choose(visitor, theme)
    tour(visitor, world, lambda page: [*find_violations(page), *on_a_phone(page)], public=True)
