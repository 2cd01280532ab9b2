"""A form sent after the session's end: nothing is done, that is said, and no dead end follows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from registry.models import Registration
from tests.review.factory import make_registration, make_user
from tests.staff.conftest import PASSWORD

pytestmark = pytest.mark.django_db
WALKING = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def staff() -> User:
    """Somebody who may decide."""
    return make_user()


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/registrations/7?tab=ready", "/registrations/7?tab=ready"),
        ("http://evil.example/registrations/7", "/"),
        ("", "/"),
    ],
)
def test_what_is_sent_without_a_login_leads_back_to_its_page(staff: User, referer: str, back: str) -> None:
    registration = make_registration()
    browser = Client(headers={"referer": referer})
    address = f"/registrations/{registration.pk}/decide/approved"
    at_login = browser.post(address, {"version": registration.version}, follow=True)
    assert "a művelet nem történt meg" in at_login.content.decode()
    assert Registration.objects.get(pk=registration.pk).status == "ready"
    entered = {"username": staff.username, "password": PASSWORD, "next": at_login.wsgi_request.GET["next"]}
    assert browser.post(reverse("login"), entered).headers["Location"] == back


@pytest.mark.parametrize(
    ("address", "above"),
    [
        ("/registrations/7/save?tab=ready", "/registrations/7?tab=ready"),
        ("/registrations/7/decide/approved", "/registrations/7"),
        ("/privacy/person", "/privacy/"),
        ("/approve", "/"),
        ("/replies/release", "/"),
    ],
)
def test_an_address_for_forms_leads_a_person_to_the_page_above(staff: User, address: str, above: str) -> None:
    browser = Client()
    browser.force_login(staff)
    assert browser.get(address, headers=WALKING).headers["Location"] == above
    assert browser.get(address).status_code == 405


def test_what_is_read_without_a_login_is_shown_after_it() -> None:
    answer = Client().get("/registrations/7?tab=ready")
    assert answer.headers["Location"] == "/login?next=/registrations/7%3Ftab%3Dready"
