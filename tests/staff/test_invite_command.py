"""`aspoktatas invite`."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from staff.access import role_of
from staff.roles import Role
from tests.review.factory import make_user
from tests.servers.smtp_sink import Sink
from tests.staff.codes import link_in

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    """What it prints."""
    out = io.StringIO()
    call_command("invite", *arguments, "--name", "Minta  Béla", stdout=out)
    return out.getvalue()


def accept(path: str) -> User:
    """The login that the link makes."""
    visitor = Client()
    visitor.get(path)
    password = "vasalo-felho-korte"
    visitor.post("/invitation", {"username": "minta", "password1": password, "password2": password})
    return User.objects.get(username="minta")


def test_the_first_administrator_by_letter(post: Sink) -> None:
    assert "invited minta@hivatal.hu as administrator" in run("minta@hivatal.hu")
    user = accept(link_in(post.accepted[0].data))
    assert (role_of(user), user.last_name, user.first_name) == (Role.ADMINISTRATOR, "Minta", "Béla")


def test_or_by_a_printed_link(post: Sink) -> None:
    user = accept(urlsplit(run("minta@hivatal.hu", "--role", "reader", "--print").strip()).path)
    assert role_of(user) is Role.READER
    assert post.accepted == []


def test_what_is_wrong_is_one_line(post: Sink) -> None:
    make_user()
    User.objects.update(email="minta@hivatal.hu")
    with pytest.raises(CommandError, match="login already"):
        run("MINTA@hivatal.hu")
    with pytest.raises(CommandError, match="no e-mail address"):
        run("nem cím")
    post.order("DOT", "554 5.7.1 no")
    with pytest.raises(CommandError, match="did not go out"):
        run("masik@hivatal.hu")
