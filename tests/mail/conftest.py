"""Servers for the adapters' tests."""

from __future__ import annotations

from tests.servers.dovecot import dovecot, mailbox_user
from tests.servers.smtp_sink import sink

__all__ = ["dovecot", "mailbox_user", "sink"]
