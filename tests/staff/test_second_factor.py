"""The second factor: made, asked for, passed once, lost, and demanded by configuration."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from staff.models import Access
from staff.roles import Role
from tests.review.factory import make_user
from tests.staff.codes import SECRET, code_of, enrol
from tests.staff.conftest import PASSWORD, people_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db: None) -> User:
    """A reviewer."""
    return make_user(role=Role.REVIEWER)


def log_in(client: Client) -> str:
    """Where the password leads."""
    return client.post(reverse("login"), {"username": "ugyintezo", "password": PASSWORD}).headers["Location"]


def send_code(client: Client, code: str) -> int:
    """302 where one is in."""
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code


def test_making_one(client: Client, user: User, django_capture_on_commit_callbacks: Any) -> None:
    log_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "<svg" in page
    assert "data:" not in page, "the CSP takes no data: pictures"
    assert not re.search(r"<svg[^>]*\sstyle=", page)
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert secret
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])})
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<li>(\d{8})</li>", client.get(response.headers["Location"]).content.decode())
    assert len(codes) == 10
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret[1] not in stored, "kept encrypted"
    assert {"second_factor_added", "recovery_codes_added"} <= set(Access.objects.values_list("page", flat=True))


def test_making_one_asks_for_the_password_first(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get(reverse("mfa_activate_totp")).headers["Location"].startswith(reverse("account_reauthenticate"))


def test_the_password_alone_opens_nothing(client: Client, user: User) -> None:
    enrol(user)
    assert log_in(client) == reverse("mfa_authenticate")
    assert client.get(reverse("queue")).status_code == 302
    assert send_code(client, "123456") == 200
    assert send_code(client, code_of()) == 302
    assert client.get(reverse("queue")).status_code == 200
    assert Access.objects.get(page="login").details == {"by": ["password", "totp"]}
    assert Access.objects.filter(page="code_failed", user=user).count() == 1


@pytest.mark.parametrize(("ago", "expected"), [(1, 302), (0, 302), (3, 200), (-3, 200)])
def test_clocks_may_be_half_a_minute_off(client: Client, user: User, ago: int, expected: int) -> None:
    enrol(user)
    log_in(client)
    assert send_code(client, code_of(ago=ago)) == expected


def test_a_code_passes_once(client: Client, user: User) -> None:
    enrol(user)
    code = code_of()
    log_in(client)
    assert send_code(client, f" {code[:3]} {code[3:]} ") == 302
    thief = Client()
    log_in(thief)
    assert send_code(thief, code) == 200
    assert Access.objects.filter(page="code_failed", user=user).exists()


def test_a_code_passes_once_however_it_is_written(client: Client, user: User) -> None:
    enrol(user)
    code = code_of()
    log_in(client)
    assert send_code(client, code) == 302
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")  # the library forgets after half a minute
    thief = Client()
    log_in(thief)
    assert send_code(thief, f"{code[:3]}-{code[3:]}") == 200


def test_codes_are_not_guessed(client: Client, user: User) -> None:
    enrol(user)
    log_in(client)
    assert {send_code(client, f"{number:06}") for number in range(5)} == {200}
    response = client.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert response.status_code == 200
    assert "Túl sok" in response.content.decode()


def test_recovery_codes_pass_once(client: Client, user: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415  # needs the app registry

    enrol(user)
    [first, *_] = RecoveryCodes.activate(user).generate_codes()
    log_in(client)
    assert send_code(client, first) == 302
    again = Client()
    log_in(again)
    assert send_code(again, first) == 200


@pytest.mark.parametrize(
    ("wanted", "role", "led_away"),
    [
        ("off", Role.ADMINISTRATOR, False),
        ("optional", Role.ADMINISTRATOR, False),
        ("leads", Role.REVIEWER, False),
        ("leads", Role.LEAD, True),
        ("leads", Role.ADMINISTRATOR, True),
        ("required", Role.READER, True),
    ],
)
def test_who_must_have_one(client: Client, settings: Settings, wanted: str, role: Role, led_away: bool) -> None:
    settings.PEOPLE = people_settings(second_factor=wanted)
    user = make_user(role=role)
    client.force_login(user)
    response = client.get(reverse("queue"))
    assert (response.status_code == 302 and response.headers["Location"] == reverse("mfa_activate_totp")) is led_away
    assert client.post(reverse("logout")).status_code == 302
    enrol(user)
    client.force_login(user)
    assert client.get(reverse("queue")).status_code == 200


def test_where_they_are_off_none_is_offered(client: Client, user: User, settings: Settings) -> None:
    settings.PEOPLE = people_settings(second_factor="off")
    log_in(client)
    assert "Kétlépcsős" not in client.get(reverse("own-account")).content.decode()
    assert client.get(reverse("mfa_activate_totp")).status_code in (302, 404)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 404


def test_what_one_must_have_is_not_put_away(client: Client, user: User, settings: Settings) -> None:
    settings.PEOPLE = people_settings(second_factor="required")
    enrol(user)
    log_in(client)
    send_code(client, code_of())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.post(reverse("mfa_deactivate_totp"))
    assert "kötelező" in response.content.decode()
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_putting_it_away(client: Client, user: User) -> None:
    enrol(user)
    log_in(client)
    send_code(client, code_of())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.exists()
    assert Access.objects.filter(page="second_factor_removed").exists()


def test_the_secret_is_of_the_length_that_apps_take() -> None:
    assert len(SECRET) == 32
