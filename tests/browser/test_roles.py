"""Each role on every page, on a desk and a phone: what it may not open is refused, what it may not press is absent."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, ViewportSize

from staff.roles import Ability, Role, abilities_of
from tests.browser.axe import find_wide
from tests.browser.pages import PAGES
from tests.browser.world import World, fill
from tests.review.factory import make_user

pytestmark = pytest.mark.browser
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
ACTIONS = """() => [
  ...[...document.querySelectorAll("form[method=post]")].map((one) => one.getAttribute("action") || location.href),
  ...[...document.querySelectorAll("[formaction]")].map((one) => one.formAction),
  ...[...document.querySelectorAll("nav a[href], a.button[href]")].map((one) => one.href),
]"""


@pytest.fixture(params=[Role.READER, Role.REVIEWER, Role.LEAD])
def user(request: pytest.FixtureRequest, transactional_db: None) -> User:
    """A member of staff of each role but the highest, who is everywhere else."""
    return make_user(role=request.param)


@pytest.fixture
def world(page: Page, user: User) -> World:
    """A filled database; the log-in came before."""
    return fill(user)


def asked_of(address: str) -> Ability | None:
    """What the page behind this address asks of a person; None where it is none of ours or asks nothing."""
    try:
        return getattr(resolve(urlsplit(address).path).func, "ability", None)
    except Resolver404:
        return None


def test_a_role_is_offered_what_it_may_do_and_refused_the_rest(page: Page, world: World, user: User) -> None:
    may = abilities_of(Role(user.member.role))
    wrong: list[str] = []
    refused = opened = 0
    for stop in PAGES:
        if stop.public:
            continue
        address = stop.address(world)
        ability = asked_of(address)
        if ability is not None and ability not in may:
            refused += 1
            status = page.request.get(address).status
            wrong += [f"{stop.name}: {status} instead of 403"] if status != 403 else []
            continue
        opened += 1
        page.set_viewport_size(DESKTOP)
        answer = page.goto(address)
        wrong += [f"{stop.name}: no page"] if answer is None or answer.status != 200 else []
        for action in page.evaluate(ACTIONS):
            wanted = asked_of(action)
            wrong += (
                [f"{stop.name}: offers {urlsplit(action).path}"] if wanted is not None and wanted not in may else []
            )
        page.set_viewport_size(PHONE)
        wrong += [f"{stop.name}: phone: {one}" for one in find_wide(page)]
    assert not wrong, "\n".join(wrong)
    assert opened > 20
    assert refused > 2
