"""People of staff with a mail server to write to them, and clocks of telephones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings

from tests.review.factory import make_user
from tests.servers.smtp_sink import Sink, run_sink
from worker.mail.server import parse_server

PASSWORD = "jelszo-12345"


@pytest.fixture
def boss(db: None) -> User:
    """An administrator."""
    return make_user("vezeto", name="Vezető Vera")


@pytest.fixture
def post(settings: Settings) -> Iterator[Sink]:
    """A server that takes letters to staff."""
    with run_sink() as sink:
        settings.ASPOKTATAS = replace(django_settings.ASPOKTATAS, smtp=parse_server(sink.url(), "smtp"))
        yield sink


def people_settings(**changes: Any) -> Any:
    """`settings.PEOPLE` with other values."""
    return replace(django_settings.PEOPLE, **changes)
