"""The product's configuration at a test's own mailbox and SMTP server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.conf import settings

from config.environment import Environment
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import Sink
from worker.mail.server import parse_server


@pytest.fixture
def environment(dovecot: Dovecot, mailbox_user: str, sink: Sink, transactional_db: None) -> Environment:
    """A mailbox of its own, replies on, every mail answerable."""
    return replace(
        settings.ASPOKTATAS,
        imap=parse_server(dovecot.url(mailbox_user), "imap"),
        smtp=parse_server(sink.url(), "smtp"),
        replies="on",
        since=datetime(2000, 1, 1, tzinfo=UTC),
    )
