"""However much there is, a page of the staff asks the database equally often: every view that the bench measures."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.staff.fill import fill
from bench.staff.views import addresses
from registry.search import FEW

pytestmark = pytest.mark.django_db
SMALL, LARGE = 100, FEW + 100  # of the larger one the commonest words are compared as sets


@pytest.fixture(autouse=True)
def logged_again() -> Iterator[None]:
    """Filling switches every log off."""
    yield
    logging.disable(logging.NOTSET)


def queries_of_views(client: Client) -> dict[str, int]:
    """By the name of the view; each answers with a page."""
    found = {}
    for name, address in addresses().items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, name
        found[name] = len(queries.captured_queries)
    return found


def test_views_ask_as_often_where_there_is_much_as_where_there_is_little(client: Client) -> None:
    fill(0, SMALL, "year")
    client.force_login(User.objects.order_by("pk")[0])
    few = queries_of_views(client)
    fill(SMALL, LARGE, "year")
    many = queries_of_views(client)
    assert len(few) > 80
    assert {name: (few[name], number) for name, number in many.items() if number != few[name]} == {}
