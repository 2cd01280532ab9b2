"""Sessions end: after a long day, after a while of nothing, and not because a page asks for news by itself."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from staff.access import needs
from staff.models import Access
from staff.roles import Ability
from staff.session_limits import BEGAN, SEEN, SessionLimitsMiddleware
from tests.review.factory import make_user
from tests.staff.conftest import PASSWORD, people_settings

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def browser() -> Client:
    """Somebody who has just logged in."""
    client = Client()
    make_user()
    client.post(reverse("login"), {"username": "ugyintezo", "password": PASSWORD})
    return client


def turn_back(client: Client, **seconds: int) -> None:
    """As if the session had begun, or somebody been there, so long ago."""
    session = client.session
    for name, ago in seconds.items():
        session[{"began": BEGAN, "seen": SEEN}[name]] = int(time.time()) - ago
    session.save()


@pytest.mark.parametrize(("minutes", "ago", "status"), [(120, 119, 200), (120, 121, 302), (0, 600, 200), (5, 6, 302)])
def test_a_while_of_nothing(browser: Client, settings: Settings, minutes: int, ago: int, status: int) -> None:
    settings.PEOPLE = people_settings(idle_minutes=minutes)
    turn_back(browser, seen=ago * 60)
    assert browser.get(reverse("queue")).status_code == status
    if status == 302:
        assert Access.objects.order_by("-pk")[0].page == "logout"
        assert not browser.session.keys() & {"_auth_user_id"}


def test_a_long_day(browser: Client) -> None:
    turn_back(browser, began=12 * HOUR + 1, seen=10)
    assert browser.get(reverse("queue")).status_code == 302


def test_working_does_not_make_the_day_longer(browser: Client) -> None:
    turn_back(browser, began=11 * HOUR, seen=70)
    assert browser.get(reverse("queue")).status_code == 200
    assert time.time() - browser.session[BEGAN] >= 11 * HOUR
    assert time.time() - browser.session[SEEN] < 10


def test_it_is_noted_once_a_minute(browser: Client) -> None:
    turn_back(browser, seen=30)
    before = browser.session[SEEN]
    browser.get(reverse("queue"))
    assert browser.session[SEEN] == before
    turn_back(browser, seen=61)
    UserSession.objects.update(user_agent="")
    browser.get(reverse("queue"), headers={"User-Agent": "Firefox/130"})
    assert browser.session[SEEN] > before
    assert UserSession.objects.get().user_agent == "Firefox/130"


def test_what_polls_keeps_nobody_logged_in(rf: RequestFactory) -> None:
    @needs(Ability.VIEW, logged=False)
    def poll(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    request = rf.get("/")
    request.user = make_user("masik")
    request.session = {SEEN: 0}  # type: ignore[assignment]
    SessionLimitsMiddleware(poll).process_view(request, poll)
    assert request.session[SEEN] == 0


def test_a_part_of_a_page_becomes_the_whole_login_page(browser: Client) -> None:
    turn_back(browser, seen=3 * HOUR)
    response = browser.get(reverse("queue"), headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith(reverse("login"))


def test_a_login_clears_away_what_nobody_can_use_any_more(browser: Client) -> None:
    old = Session.objects.create(session_key="x" * 32, session_data="", expire_date=now() - timedelta(seconds=1))
    browser.post(reverse("logout"))
    browser.post(reverse("login"), {"username": "ugyintezo", "password": PASSWORD})
    assert not Session.objects.filter(pk=old.pk).exists()
    assert Session.objects.count() == 1
