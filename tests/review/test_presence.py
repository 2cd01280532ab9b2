"""Two people on one case: each is told of the other, for as long as the other's page says that it is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import Registration
from review.models import Presence
from review.presence import LIFE, mark_of, meet
from staff.roles import Role
from tests.review.factory import make_registration, make_user
from worker.clock import database_now

pytestmark = pytest.mark.django_db


def shown(page: Client, row: Registration) -> str:
    return page.get(f"/registrations/{row.pk}").content.decode()


def test_presence_is_told_kept_for_a_minute_and_does_not_pile_up(page: Client, staff: User) -> None:
    row, other = make_registration(), make_user("masik", name="Próba Péter")
    for _ in range(3):
        meet(row, other)
    assert "Próba Péter is ezt az ügyet nézi" in shown(page, row)
    assert Presence.objects.count() == 2
    Presence.objects.filter(user=other).update(since=database_now() - timedelta(minutes=8))
    meet(row, other)
    assert "nézi (5 perce)" in shown(page, row)
    Presence.objects.filter(user=other).update(seen_at=database_now() - LIFE - timedelta(seconds=1))
    assert "is ezt az ügyet nézi" not in shown(page, row)
    Presence.objects.filter(user=staff).delete()
    meet(row, staff)
    assert [one.user for one in Presence.objects.all()] == [staff]


def test_the_turns_of_the_page_say_something_only_where_there_is_news(page: Client) -> None:
    row, other = make_registration(), make_user("masik", name="Próba Péter")
    address = f"/registrations/{row.pk}/here"
    assert page.post(address, {"version": "1", "shown": mark_of([], 1)}).status_code == 204
    meet(row, other)
    told = page.post(address, {"version": "1", "shown": mark_of([], 1)})
    assert "Próba Péter is ezt az ügyet nézi" in told.content.decode()
    assert page.post(f"/registrations/{row.pk}/gone").status_code == 204
    assert [one.user for one in Presence.objects.all()] == [other]
    Registration.objects.update(version=7)
    assert "közben módosították" in page.post(address, {"version": "1", "shown": "1:"}).content.decode()
    assert page.post("/registrations/99999/here").status_code == 404


def test_a_reader_is_told_but_is_not_in_anybodys_way(client: Client) -> None:
    row, other = make_registration(), make_user("masik", name="Próba Péter")
    meet(row, other)
    client.force_login(make_user("olvaso", role=Role.READER))
    assert "Próba Péter is ezt az ügyet nézi" in client.get(f"/registrations/{row.pk}").content.decode()
    assert client.post(f"/registrations/{row.pk}/here").status_code == 200
    assert [one.user for one in Presence.objects.all()] == [other]


def test_a_turn_costs_few_queries(page: Client) -> None:
    row = make_registration()
    page.post(f"/registrations/{row.pk}/here", {"version": "1"})
    with CaptureQueriesContext(connection) as queries:
        page.post(f"/registrations/{row.pk}/here", {"version": "1", "shown": mark_of([], 1)})
    assert len(queries) <= 9
