"""How the page is reached and staff log in: what may be configured, and what follows for cookies and headers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import ConfigurationError, load_environment
from config.people import ROLES, People
from staff.roles import Role

SECURE = {"PUBLIC_URL": "https://oktatas.hivatal.hu", "PROXIES": "1"}
OIDC = {"OIDC_URL": "https://login.hivatal.hu/r", "OIDC_CLIENT_ID": "asp", "OIDC_CLIENT_SECRET": "titok"}
SHOWN = (
    "import django, json; django.setup(); from django.conf import settings as s;"
    "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
    " s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.ALLOWED_HOSTS, s.ACCOUNT_DEFAULT_HTTP_PROTOCOL]))"
)


def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **values: str) -> People:
    """The configuration with these variables."""
    for name in [name for name in os.environ if name.startswith("ASPOKTATAS_")]:
        monkeypatch.delenv(name)
    for name, value in values.items():
        monkeypatch.setenv(f"ASPOKTATAS_{name}", value)
    return load_environment(tmp_path).people


def test_by_default_for_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = read(tmp_path, monkeypatch)
    assert (people.secure, people.proxies, people.second_factor, people.idle_minutes) == (False, 0, "optional", 120)
    assert people.provider is None
    assert people.password_login


def test_a_provider_with_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = read(tmp_path, monkeypatch, **OIDC, OIDC_ROLES="cn=a=b=lead, x=reader", PASSWORD_LOGIN="off")
    assert people.provider
    assert people.provider.roles == {"cn=a=b": "lead", "x": "reader"}
    assert not people.password_login


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"PUBLIC_URL": "https://oktatas.hivatal.hu"}, "PROXIES"),
        ({"PUBLIC_URL": "oktatas.hivatal.hu"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://hivatal.hu/oktatas", "PROXIES": "1"}, "PUBLIC_URL"),
        ({"TOTP": "yes"}, "TOTP"),
        ({"PASSWORD_LOGIN": "off"}, "PASSWORD_LOGIN"),
        ({"OIDC_CLIENT_ID": "asp"}, "OIDC_CLIENT_ID"),
        ({**OIDC, "OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        ({**OIDC, "OIDC_URL": "http://login.hivatal.hu"}, "OIDC_URL"),
        ({**OIDC, "OIDC_URL": "login.hivatal.hu"}, "OIDC_URL"),
        ({**OIDC, "OIDC_ROLES": "x=king"}, "OIDC_ROLES"),
        ({"PROXIES": "-1"}, "PROXIES"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"^ASPOKTATAS_{named}: ") as error:
        read(tmp_path, monkeypatch, **values)
    assert "titok" not in str(error.value)


def test_the_roles_are_those_of_the_product() -> None:
    assert list(ROLES) == Role.values


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_and_headers_follow(tmp_path: Path, secure: bool) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **({f"ASPOKTATAS_{name}": value for name, value in SECURE.items()} if secure else {}),
    }
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    session, csrf, *flags, hosts, protocol = json.loads(done.stdout)
    if secure:
        assert (session, csrf) == ("__Host-sessionid", "__Host-csrftoken")
        assert flags == [True, True, True, 31536000]
        assert (hosts[-1], protocol) == ("oktatas.hivatal.hu", "https")
    else:
        assert (session, csrf) == ("sessionid", "csrftoken")
        assert flags == [False, False, False, 0]
