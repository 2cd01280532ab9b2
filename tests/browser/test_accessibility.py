"""Every page, in every theme and on a phone: axe-core finds nothing, the CSP refuses nothing, nothing sticks out."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponseNotAllowed
from django.test import RequestFactory
from django.urls import URLPattern
from playwright.sync_api import Error, Page, ViewportSize, expect

from review.theme import COOKIE, THEMES
from tests.browser.axe import CONTRAST, assert_accessible, find_violations, find_wide
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


def answers_get(pattern: URLPattern) -> bool:
    """Whether a GET comes past the view's `require_POST`, however it ends then without a database."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True)
    kwargs = {key: converter.to_python("1") for key, converter in pattern.pattern.converters.items()}
    try:
        answer = pattern.callback(request, **kwargs)
    except (Exception, pytest.fail.Exception):
        return True
    return not isinstance(answer, HttpResponseNotAllowed)


def everywhere(page: Page) -> list[str]:
    """What is wrong with the page in the three themes, which come as the system asks, and on a phone.

    The other themes change nothing but colours: contrast is all that is asked again.
    """
    page.emulate_media(reduced_motion="reduce")
    wrong = [*find_violations(page), *find_unseen(page)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {one}" for one in find_violations(page, CONTRAST)]
    page.emulate_media(contrast="more")
    wrong += [f"high contrast: {one}" for one in find_violations(page, CONTRAST)]
    page.emulate_media(color_scheme="light", contrast="no-preference")
    page.set_viewport_size(PHONE)
    return [*wrong, *(f"phone: {one}" for one in (*find_wide(page), *find_violations(page)))]


def tour(page: Page, world: World, *, public: bool = False) -> None:
    """Open one page after the other; fails at the end, with all that is wrong anywhere."""
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
            wrong += [f"{stop.name}: {one}" for one in everywhere(page)]
        except Error as error:
            wrong.append(f"{stop.name}: {error}")
    assert not wrong, "\n".join(wrong)


def test_every_address_is_a_page_here_or_none() -> None:
    known = {stop.url_name for stop in PAGES} | NO_PAGE.keys()
    shown = [name for name, pattern in walk() if name not in known and answers_get(pattern)]
    assert not shown, f"add {shown} to PAGES or NO_PAGE of tests/browser/pages.py"


def test_every_page_is_accessible(page: Page, world: World) -> None:
    tour(page, world)


def test_every_public_page_is_accessible(visitor: Page, world: World) -> None:
    visitor.context.clear_cookies()
    tour(visitor, world, public=True)


@pytest.mark.parametrize("theme", [one for one in THEMES if one != "system"])
def test_a_chosen_theme_is_accessible(page: Page, theme: str) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": theme, "url": page.url}])
    page.goto("/")
    expect(page.locator(f"html[data-theme={theme}]")).to_have_count(1)
    assert_accessible(page)
