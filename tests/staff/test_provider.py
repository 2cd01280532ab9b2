"""Logging in by the identity provider: real signatures, and only those whom groups or invitations let in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from config.people import IdentityProvider, provider_settings
from staff.access import role_of
from staff.models import Access, Invitation
from staff.provider import highest_role
from staff.roles import Role
from tests.review.factory import make_user
from tests.servers.oidc import CLIENT_ID, CLIENT_SECRET, Provider, run_provider
from tests.staff.codes import enrol
from tests.staff.conftest import people_settings
from worker.models import Event

pytestmark = pytest.mark.django_db
ANNA = {
    "sub": "a1",
    "email": "anna@hivatal.hu",
    "email_verified": True,
    "preferred_username": "anna",
    "family_name": "Minta",
    "given_name": "Anna",
}
ROLES = {"asp-vezetok": "lead", "asp-ugyintezok": "reviewer"}


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    """One that the page is configured with, without groups."""
    with run_provider() as provider:
        provider.claims = dict(ANNA)
        configure(settings, provider)
        yield provider


def configure(settings: Settings, provider: Provider, **roles: str) -> None:
    """Have the page log in there; `roles` are those of the groups."""
    configured = IdentityProvider(provider.url, CLIENT_ID, CLIENT_SECRET, "Hivatali belépés", "groups", roles)
    settings.PEOPLE = people_settings(provider=configured, second_factor="required")
    settings.SOCIALACCOUNT_PROVIDERS = provider_settings(configured)


def come_in(client: Client) -> Any:
    """Press the button, let the provider send us back, follow; the last answer."""
    begin = client.get(reverse("openid_connect_login"))
    back = requests.get(begin.headers["Location"], allow_redirects=False, timeout=10)
    return client.get(back.headers["Location"])


def test_the_button_stands_on_the_login_page(client: Client, provider: Provider) -> None:
    text = client.get(reverse("login")).content.decode()
    assert "Hivatali belépés" in text
    assert f'href="{reverse("openid_connect_login")}"' in text


@pytest.mark.parametrize("name", ["openid_connect_login", "openid_connect_callback"])
def test_without_a_provider_there_is_none(client: Client, name: str) -> None:
    arguments = ["oidc"] if name.endswith("callback") else []
    assert client.get(reverse(name, args=arguments)).status_code == 404


def test_a_known_person_by_the_verified_address(client: Client, provider: Provider) -> None:
    user = make_user("anna.minta", role=Role.LEAD)
    User.objects.filter(pk=user.pk).update(email="Anna@hivatal.hu")
    response = come_in(client)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200, "the provider's second factor is its own affair"
    row = Access.objects.get(page="login")
    assert (row.user, row.details) == (user, {"by": ["socialaccount"]})
    assert role_of(User.objects.get()) is Role.LEAD
    assert provider.requests[0]["code_verifier"]


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_the_provider_is_for_logging_in_only(client: Client, provider: Provider, process: str) -> None:
    assert client.get(reverse("openid_connect_login"), {"process": process}).status_code == 404
    assert client.get(reverse("openid_connect_login"), {"process": "login"}).status_code == 302


def test_who_came_once_is_known_by_the_number_from_then_on(client: Client, provider: Provider) -> None:
    user = make_user(role=Role.READER)
    User.objects.filter(pk=user.pk).update(email="anna@hivatal.hu")
    come_in(client)
    provider.claims |= {"email": "anna.ferjezett@hivatal.hu"}
    assert come_in(Client()).status_code == 302
    assert User.objects.count() == 1


def test_an_unknown_person_stays_outside(client: Client, provider: Provider) -> None:
    response = come_in(client)
    assert response.status_code == 403
    assert "nincs fiókja" in response.content.decode()
    assert not User.objects.exists()
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_is_not_verified_opens_nothing(client: Client, provider: Provider, verified: object) -> None:
    make_user()
    User.objects.update(email="anna@hivatal.hu")
    provider.claims["email_verified"] = verified
    response = come_in(client)
    assert response.status_code == 403
    assert "nem igazolta" in response.content.decode()


def test_an_invited_person(client: Client, provider: Provider) -> None:
    Invitation.objects.create(
        address="ANNA@hivatal.hu",
        name="Minta Anna",
        role="reviewer",
        digest="x",
        expires_at=timezone.now() + timedelta(hours=1),
    )
    assert come_in(client).status_code == 302
    user = User.objects.get()
    assert (user.username, user.last_name, role_of(user)) == ("anna", "Minta", Role.REVIEWER)
    assert not user.has_usable_password()
    assert Invitation.objects.get().user == user
    assert client.get(reverse("password")).status_code == 404
    assert client.get(reverse("own-account")).status_code == 200


def test_groups_decide_anew_each_time(client: Client, provider: Provider, settings: Settings) -> None:
    configure(settings, provider, **ROLES)
    provider.claims |= {"groups": ["masik", "asp-ugyintezok"], "email_verified": False}
    assert come_in(client).status_code == 302
    user = User.objects.get()
    assert role_of(user) is Role.REVIEWER
    provider.claims["groups"] = ["asp-ugyintezok", "asp-vezetok"]
    assert come_in(Client()).status_code == 302
    assert role_of(User.objects.get()) is Role.LEAD
    assert list(Event.objects.filter(verb="role_changed").values_list("details__to", flat=True)) == ["reviewer", "lead"]
    provider.claims["groups"] = []
    response = come_in(Client())
    assert response.status_code == 403
    assert "csoportnak" in response.content.decode()


def test_a_closed_login_stays_closed(client: Client, provider: Provider) -> None:
    make_user()
    User.objects.update(email="anna@hivatal.hu", is_active=False)
    response = come_in(client)
    assert response.status_code == 403
    assert "lezárták" in response.content.decode()


def test_whoever_set_up_a_second_factor_here_is_asked_for_it(client: Client, provider: Provider) -> None:
    user = make_user()
    User.objects.update(email="anna@hivatal.hu")
    enrol(user)
    assert come_in(client).headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("spoilt", ["signature", "unsigned", "issuer", "audience", "expired", "userinfo"])
def test_spoilt_tokens_open_nothing(client: Client, provider: Provider, spoilt: str) -> None:
    make_user()
    User.objects.update(email="anna@hivatal.hu")
    provider.spoilt = spoilt
    response = come_in(client)
    assert "nem sikerült" in response.content.decode()
    assert client.get("/").status_code == 302
    assert not Access.objects.filter(page="login").exists()


def test_an_answer_that_nobody_asked_for(client: Client, provider: Provider) -> None:
    make_user()
    User.objects.update(email="anna@hivatal.hu")
    begin = Client().get(reverse("openid_connect_login"))
    back = requests.get(begin.headers["Location"], allow_redirects=False, timeout=10)
    response = client.get(back.headers["Location"])  # in another browser than the one that asked
    assert "nem sikerült" in response.content.decode()
    assert client.get("/").status_code == 302


def test_the_provider_says_no(client: Client, provider: Provider) -> None:
    provider.refuses = True
    assert "megszakadt" in client.get(come_in(client).headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("asp-vezetok", Role.LEAD),
        (["asp-ugyintezok", "asp-vezetok", 7], Role.LEAD),
        (["x"], None),
        (None, None),
        ({"asp-vezetok": 1}, None),
    ],
)
def test_the_highest_role_of_the_groups(groups: object, expected: Role | None) -> None:
    assert highest_role(groups, ROLES) == expected


def test_a_provider_that_is_away(client: Client, settings: Settings) -> None:
    with run_provider() as gone:
        configure(settings, gone)
    response = client.get(reverse("openid_connect_login"))
    assert response.status_code == 200
    assert "nem sikerült" in response.content.decode()


def test_a_provider_that_goes_away_meanwhile(client: Client, settings: Settings) -> None:
    with run_provider() as provider:
        configure(settings, provider)
        begin = client.get(reverse("openid_connect_login"))
        back = requests.get(begin.headers["Location"], allow_redirects=False, timeout=10)
    response = client.get(back.headers["Location"])
    assert "nem sikerült" in response.content.decode()


@pytest.mark.parametrize("roles", [{}, ROLES])
def test_a_superusers_login_is_none_of_the_providers_business(
    client: Client, provider: Provider, settings: Settings, roles: dict[str, str]
) -> None:
    configure(settings, provider, **roles)
    provider.claims["groups"] = ["asp-vezetok"]
    User.objects.create_superuser("rendszergazda", "anna@hivatal.hu", "jelszo-12345")
    answer = come_in(client)
    assert answer.status_code == 403
    assert "csak jelszóval" in answer.content.decode()
    assert client.get(reverse("queue")).status_code == 302
    assert User.objects.count() == 1
