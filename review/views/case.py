"""The page of one registration, and the decisions about it that need no page of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from registry.models import Registration
from registry.services.approve import approve
from registry.services.change import Target
from registry.services.confirm_clerk import confirm_clerk
from registry.services.correct import correct
from registry.services.refusals import ProblemsOpenError
from registry.services.reopen import reopen
from registry.services.send_to_review import send_to_review
from registry.services.snooze import unsnooze
from registry.services.withdraw import mark_no_registration
from review.differences import take_theirs
from review.forms import CorrectionForm
from review.knowledge import get_catalogue
from review.people import actor
from review.views.acting import act
from review.views.case_page import compare, get_registration, search_of, show_case, target_of
from review.views.undo import take_back
from staff.access import needs
from staff.roles import Ability

VERBS: dict[str, Callable[[Target, User], Registration]] = {
    "no_registration": mark_no_registration,
    "sent_to_review": send_to_review,
    "reopened": reopen,
    "unsnoozed": unsnooze,
}


@needs(Ability.VIEW, about="registration")
@require_GET
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The registration with its original mail."""
    registration = get_registration(pk)
    return show_case(request, registration, CorrectionForm(registration, get_catalogue()))


@needs(Ability.DECIDE, about="registration")
@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of VERBS, an approval or its taking back, without further input."""
    if verb == "approved":
        return _approve(request, pk, partial(approve, target_of(request, pk), actor(request)))
    if verb == "taken_back":
        return take_back(request, pk)
    if verb not in VERBS:
        raise Http404
    return act(request, pk, verb, partial(VERBS[verb], target_of(request, pk), actor(request)))


@needs(Ability.DECIDE, about="registration")
@require_POST
def name_clerk(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an address as the jegyző's."""
    address = request.POST.get("address", "")
    if "@" not in address:
        return redirect("case", pk=pk)
    return act(request, pk, "clerk_confirmed", partial(confirm_clerk, target_of(request, pk), actor(request), address))


@needs(Ability.DECIDE, about="registration")
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the fields; with `approve` among the values, approve too: in spite of the problems in `despite`.

    `take` names a field whose saved value the person prefers to what stands in the form: nothing is written yet.
    """
    registration = get_registration(pk)
    if "take" in request.POST:
        return compare(request, registration, take_theirs(registration, request.POST))
    form = CorrectionForm(registration, get_catalogue(), request.POST)
    if not form.is_valid() or "back" in request.POST:
        return show_case(request, registration, form, status=400 if form.errors else 200)
    approves = "approve" in request.POST
    change = partial(correct, target_of(request, pk), actor(request), form.correction, approve=approves)
    if not approves:
        return act(request, pk, "corrected", change, form_data=request.POST)
    change = partial(change, despite=request.POST.getlist("despite"))
    return _approve(request, pk, change, form_data=request.POST)


def _approve(request: HttpRequest, pk: int, change: Callable[[], Registration], form_data: Any = None) -> HttpResponse:
    """Approve; where problems are open, name them and ask first."""
    try:
        return act(request, pk, "approved", change, form_data)
    except ProblemsOpenError as error:
        registration = get_registration(pk)
        form = CorrectionForm(registration, get_catalogue(), form_data)
        context = {
            "registration": registration,
            "form": form,
            "problems": error.problems,
            "to": request.POST.get("to", ""),
            "search": search_of(request, registration),
        }
        return render(request, "review/case_confirm.html", context)
