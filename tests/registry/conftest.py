"""Who decides."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.review.factory import make_user


@pytest.fixture
def actor(db: None) -> User:
    """A member of staff."""
    return make_user()
