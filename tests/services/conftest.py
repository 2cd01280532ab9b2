"""Desks at real servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from django.contrib.auth.models import User

from config.environment import Environment
from tests.review.factory import make_user
from tests.servers.configured import environment
from tests.servers.dovecot import Dovecot, dovecot, mailbox_user
from tests.servers.smtp_sink import sink
from tests.servers.standin import THINKING
from tests.services.correspondence import Correspondence
from worker.services.desk import Desk

__all__ = ["dovecot", "environment", "mailbox_user", "sink"]


@pytest.fixture
def make_desk(environment: Environment) -> Iterator[Callable[..., Desk]]:
    """Makes desks over `environment` with changes; the rules are the stand-ins."""
    desks: list[Desk] = []

    def make(**changes: object) -> Desk:
        desks.append(Desk(replace(environment, **changes), THINKING))  # type: ignore[arg-type]
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A desk over `environment` as it is."""
    return make_desk()


@pytest.fixture
def deliver_mail(dovecot: Dovecot, mailbox_user: str) -> Callable[..., None]:
    """Appends raw mails to the watched INBOX, as a delivery would."""

    return partial(dovecot.deliver, mailbox_user)


@pytest.fixture
def worker() -> Correspondence:
    """The worker, without servers."""
    return Correspondence()


@pytest.fixture
def actor() -> User:
    """Who decides."""
    return make_user()
