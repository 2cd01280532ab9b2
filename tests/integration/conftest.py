"""Every test here starts real servers."""

from __future__ import annotations

import imaplib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot, dovecot, mailbox_user
from tests.servers.ledgers import new_database
from tests.servers.postgres import postgres
from tests.servers.redis_server import redis_server
from tests.servers.smtp_sink import Sink, sink

__all__ = ["dovecot", "mailbox_user", "new_database", "postgres", "redis_server", "sink"]
HERE = Path(__file__).parent
LONGEST = {"test_two_hundred.py", "test_backup.py", "test_broker.py"}  # first: else one core waits for them at the end


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all of them, and put the longest first."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.integration)
    items.sort(key=lambda item: item.path.name not in LONGEST)


@dataclass(frozen=True)
class Post:
    """The mailbox and the SMTP server of one test."""

    dovecot: Dovecot
    user: str
    sink: Sink

    def variables(self) -> dict[str, str]:
        """How a product reaches both."""
        return {"IMAP_URL": self.dovecot.url(self.user), "SMTP_URL": self.sink.url()}

    def client(self) -> imaplib.IMAP4:
        """A colleague's mail program."""
        return self.dovecot.client(self.user)

    def deliver(self, raws: Sequence[bytes]) -> None:
        """Append mails to INBOX as a delivery would."""
        self.dovecot.deliver(self.user, *raws)


@pytest.fixture
def post(dovecot: Dovecot, mailbox_user: str, sink: Sink) -> Post:
    """A mailbox that no other test touches, and a fresh sink."""
    return Post(dovecot, mailbox_user, sink)
