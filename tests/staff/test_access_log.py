"""Whoever opens or changes a case is on record, with what it was and how it ended; what polls by itself is not."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, reverse

from staff.access import needs
from staff.models import Access
from staff.recording import AccessMiddleware
from staff.roles import Ability, Role
from tests.review.factory import make_registration, make_user


def rows() -> list[tuple[str, str, str, int | None, int]]:
    """What the log holds."""
    fields = ("page", "method", "subject", "subject_id", "status")
    return list(Access.objects.order_by("pk").values_list(*fields))


@pytest.mark.django_db
def test_an_opened_case_is_on_record(client: Client) -> None:
    user, case = make_user(), make_registration()
    client.force_login(user)
    client.get(reverse("case", args=[case.pk]), REMOTE_ADDR="192.0.2.7")
    [row] = Access.objects.filter(page="case")
    assert (row.user, row.subject, row.subject_id, row.status) == (user, "registration", case.pk, 200)
    assert (row.address, row.details) == ("192.0.2.7", {})


@pytest.mark.django_db
def test_what_was_refused_is_on_record_too(client: Client) -> None:
    case = make_registration()
    client.force_login(make_user(role=Role.READER))
    client.post(reverse("case-save", args=[case.pk]), {"version": 1})
    client.get(reverse("mail", args=[10**6]))
    assert ("case-save", "POST", "registration", case.pk, 403) in rows()
    assert ("mail", "GET", "mail", 10**6, 404) in rows()


@pytest.mark.django_db
def test_of_a_search_only_that_it_was_made(client: Client) -> None:
    client.force_login(make_user())
    client.get(reverse("queue"), {"tab": "ready", "q": "Kovács Anna", "county": ""})
    row = Access.objects.get(page="queue")
    assert row.details == {"asked": ["q", "tab"]}


@pytest.mark.django_db
def test_strangers_and_health_leave_no_row(client: Client) -> None:
    client.get(reverse("queue"))
    client.get(reverse("health-live"))
    assert rows() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("logged", "method", "expected"), [(True, "GET", 2), (True, "POST", 2), (False, "GET", 1), (False, "POST", 0)]
)
def test_what_a_page_asks_for_by_itself_leaves_none_where_it_is_known(
    rf: RequestFactory, logged: bool, method: str, expected: int
) -> None:
    @needs(Ability.VIEW, about="registration", logged=logged)
    def presence(request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponse()

    middleware = AccessMiddleware(lambda request: presence(request, 1))
    user = make_user()
    for _ in range(2):
        request = rf.generic(method, "/registrations/1/presence")
        request.user = user
        request.resolver_match = ResolverMatch(presence, (), {"pk": 1}, "presence")
        middleware.process_view(request, presence, (), {"pk": 1})
        middleware(request)
    assert Access.objects.count() == expected


@pytest.mark.django_db
def test_no_page_stays_in_the_browsers_memory(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(reverse("queue")).headers["Cache-Control"] == "no-store"
