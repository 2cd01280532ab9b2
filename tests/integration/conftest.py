"""Every test here starts real servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers.dovecot import dovecot, mailbox_user
from tests.servers.postgres import postgres
from tests.servers.redis_server import redis_server
from tests.servers.smtp_sink import sink

__all__ = ["dovecot", "mailbox_user", "postgres", "redis_server", "sink"]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all of them."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.integration)
