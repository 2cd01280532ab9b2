"""Real servers, a real browser and a member of staff, as the other suites have them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.browser.conftest import chromium, context, page, user, visitor
from tests.review.conftest import staff
from tests.services.conftest import deliver_mail, dovecot, environment, mailbox_user, sink

__all__ = [
    "chromium", "context", "deliver_mail", "dovecot", "environment", "mailbox_user", "page", "sink", "staff", "user",
    "visitor",
]  # fmt: skip


@pytest.fixture
def staff_page(client: Client, staff: User) -> Client:
    """The page without a browser, logged in."""
    client.force_login(staff)
    return client
