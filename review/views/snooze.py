"""Put a request aside: until the next morning in the office, next Monday, or a day."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from registry.models import Registration
from registry.services.snooze import snooze
from review.caseactions import LONGEST_SNOOZE, get_mornings
from review.forms import CorrectionForm
from review.knowledge import get_catalogue
from review.labels import label
from review.people import actor
from review.views.acting import act
from review.views.case_page import get_registration, show_case, target_of
from staff.access import needs
from staff.roles import Ability
from worker.clock import database_now
from worker.services.workdays import BUDAPEST, next_morning


@needs(Ability.DECIDE, about="registration")
@require_POST
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """`until` is a code of `get_mornings`, or "day" with the day beside it; `note` says why."""
    until = _until(request)
    if until is None:
        registration = get_registration(pk)
        form = CorrectionForm(registration, get_catalogue())
        return show_case(request, registration, form, status=400, refusal=label("refused", "snooze_past"))
    change = partial(snooze, target_of(request, pk), actor(request), until, request.POST.get("note", ""))
    return act(request, pk, "snoozed", change, facts=_facts)


def _facts(after: Registration) -> dict[str, str]:
    return {"until": date_format(localtime(after.snoozed_until), "Y. F j. (l) H:i") if after.snoozed_until else ""}


def _until(request: HttpRequest) -> datetime | None:
    """The morning that was chosen; None where it is no day to come."""
    today = database_now().astimezone(BUDAPEST).date()
    morning = get_mornings(today).get(request.POST.get("until", ""))
    if morning is not None:
        return morning
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        return None
    return next_morning(day) if today < day <= today + LONGEST_SNOOZE else None
