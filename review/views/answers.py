"""What answers did to a request, in a person's hands: undo a merge, choose between values that contradict."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from registry.models import Registration
from registry.services.settle_contradiction import settle_contradiction
from registry.services.undo_merge import undo_merge
from review.contradictions import CHOOSABLE
from review.forms import CorrectionForm
from review.knowledge import get_catalogue
from review.people import actor
from review.views.acting import act
from review.views.case_page import get_registration, show_case, target_of
from staff.access import needs
from staff.roles import Ability


@needs(Ability.DECIDE, about="registration")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the request back to before the last answer changed it."""
    event = request.POST.get("event", "")
    if not (event.isascii() and event.isdigit() and len(event) < 19):
        return redirect("case", pk=pk)
    return act(request, pk, "merge_undone", partial(undo_merge, target_of(request, pk), int(event), actor(request)))


@needs(Ability.DECIDE, about="registration")
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the chosen values (by field) as what holds; others stay as they are."""
    registration = get_registration(pk)
    form = CorrectionForm(registration, get_catalogue(), _as_chosen(request, registration))
    if not form.is_valid():
        return show_case(request, registration, form, status=400)
    change = partial(settle_contradiction, target_of(request, pk), actor(request), form.correction)
    return act(request, pk, "contradiction_settled", change)


def _as_chosen(request: HttpRequest, registration: Registration) -> dict[str, Any]:
    """The data of a correction form: the request's own values, and over them those that were chosen."""
    data: dict[str, Any] = {name: getattr(registration, name) for name in CHOOSABLE}
    data |= {name: request.POST[name] for name in CHOOSABLE if name in request.POST}
    data["modules"] = data["modules"].split()
    data["version"] = request.POST.get("version", "")
    return data
