"""Feedback: which rule staff overruled how often, with cases to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from review.feedback import Correction, count_corrections, count_decisions
from review.labels import label, labels_of
from review.ruledesk.forms import FIRST_DAY, LAST_DAY, bounds_of
from staff.access import needs
from staff.roles import Ability
from worker.models import Event

USUAL_DAYS = 30
SAMPLES = 5
LINKED_BY = "linked_by_"


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """A rule that was overruled, in words; `share` in percent of the decisions; `cases` are registrations."""

    rule: str
    field: str
    kind: str
    number: int
    share: float
    cases: list[int]


@needs(Ability.REPLAY)
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The table for a period, the last thirty days unless asked for."""
    today = timezone.localdate()
    first = _day(request.GET.get("first", ""), today - timedelta(days=USUAL_DAYS))
    last = _day(request.GET.get("last", ""), today)
    since, until = bounds_of(min(first, last), max(first, last))
    samples = find_samples(since, until)
    rows = [_row(one, samples) for one in count_corrections(since, until)]
    context = {
        "page": "ruledesk",
        "desk": "feedback",
        "first": min(first, last),
        "last": max(first, last),
        "rows": rows,
        "decisions": count_decisions(since, until),
    }
    return render(request, "review/ruledesk/feedback.html", context)


def find_samples(since: datetime, until: datetime) -> dict[tuple[str, str, str], list[int]]:
    """The latest few requests in which (rule, field, kind) was overruled."""
    events = Event.objects.filter(at__gte=since, at__lt=until, actor__isnull=False, registration__isnull=False)
    said = events.filter(details__has_key="overruled").order_by("-pk")
    found: dict[tuple[str, str, str], list[int]] = {}
    for registration, entries in said.values_list("registration", "details__overruled").iterator():
        for entry in entries:
            cases = found.setdefault((entry["rule"], entry["field"], entry["kind"]), [])
            if registration not in cases and len(cases) < SAMPLES:
                cases.append(registration)
    return found


def _row(one: Correction, samples: dict[tuple[str, str, str], list[int]]) -> FeedbackRow:
    field_group = "overruled_field" if one.field in labels_of("overruled_field") else "field"
    return FeedbackRow(
        rule=_rule(one.rule),
        field=label(field_group, one.field),
        kind=label("overruled_kind", one.kind),
        number=one.number,
        share=100 * one.number / one.decisions if one.decisions else 0.0,
        cases=samples.get((one.rule, one.field, one.kind), []),
    )


def _rule(rule: str) -> str:
    if rule.startswith(LINKED_BY):
        return label("feedback_rule", "linked_by", how=label("linked_by", rule.removeprefix(LINKED_BY)))
    if rule in labels_of("feedback_rule"):
        return label("feedback_rule", rule)
    return label("rule_hit" if rule in labels_of("rule_hit") else "reason", rule)


def _day(text: str, usual: date) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        return usual
    return day if day and FIRST_DAY <= day <= LAST_DAY else usual
