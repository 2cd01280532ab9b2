"""Which rules people overrule: each with how often, in what share of the decisions, and the latest cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from registry.models import Registration
from review.ruledesk.feedback import SAMPLES
from tests.review.factory import Applicant, make_registrations
from worker.models import Event

pytestmark = pytest.mark.django_db


def overrule(case: Registration, actor: User, rule: str, field: str = "email", ago: timedelta = timedelta()) -> None:
    details = {"overruled": [{"rule": rule, "field": field, "kind": "accepted"}]}
    at = timezone.now() - ago
    Event.objects.create(registration=case, actor=actor, verb="approved", mail=case.mail, details=details, at=at)


def rows(page: Client, **days: str) -> list[list[str]]:
    answer = page.get("/rules/feedback", days)
    assert answer.status_code == 200
    tree: Any = lxml.html.document_fromstring(answer.content.decode())
    return [[" ".join(cell.text_content().split()) for cell in row] for row in tree.xpath("//tbody/tr")]


@pytest.fixture
def cases(db: None) -> list[Registration]:
    return make_registrations([Applicant(email=f"a{number}@tiszacsege.hu") for number in range(SAMPLES + 2)])


def test_the_most_frequent_first_with_its_latest_cases(page: Client, staff: User, cases: list[Registration]) -> None:
    for one in cases:
        overrule(one, staff, "email_not_personal")
    overrule(cases[0], staff, "linked_by_sender", "conversation")
    first, second = rows(page)
    assert first[3:5] == [str(SAMPLES + 2), "100,0 %"]
    assert first[5] == " ".join(f"{one.pk}." for one in reversed(cases[2:]))
    assert second[3:] == ["1", "14,3 %", f"{cases[0].pk}."]


def test_only_what_people_did_in_those_days(page: Client, staff: User, cases: list[Registration]) -> None:
    overrule(cases[0], staff, "email_not_personal", ago=timedelta(days=40))
    Event.objects.create(
        registration=cases[1], verb="approved", details={"overruled": [{"rule": "pir"}]}
    )  # a machine's
    assert rows(page) == []
    begin = (timezone.localdate() - timedelta(days=45)).isoformat()
    assert len(rows(page, first=begin)) == 1
    assert len(rows(page, first="2026-02-31", last=begin)) == 1  # no day: thirty days; the two in their order
