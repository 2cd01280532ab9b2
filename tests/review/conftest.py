"""A logged-in member of staff."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.review.factory import make_user


@pytest.fixture
def staff(db: None) -> User:
    """A member of staff."""
    return make_user()


@pytest.fixture
def page(client: Client, staff: User) -> Client:
    """A browser of that member of staff."""
    client.force_login(staff)
    return client
