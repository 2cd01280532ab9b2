"""The page of one registration as it is shown, and what its addresses and forms say of it."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from registry.models import Registration
from registry.services.change import Target
from registry.services.correct import CORRECTABLE, OPEN
from review.caseactions import get_actions
from review.cases import changes_since, get_case
from review.differences import find_differences
from review.forms import CorrectionForm
from review.knowledge import get_catalogue
from review.labels import label
from review.listing import Search, neighbours
from review.notices import fate_of
from review.panels import Asked
from review.people import actor
from review.tabs import tab_of_status
from staff.access import may
from staff.roles import Ability
from worker.replies.notices import Notice


def show_case(  # noqa: PLR0913  # the refusal and what the person had seen come together
    request: HttpRequest,
    registration: Registration,
    form: CorrectionForm,
    *,
    status: int = 200,
    refusal: str = "",
    seen_version: int = 0,
    reason: str = "",
) -> HttpResponse:
    """The page of the registration with `form`; `reason` is what the person had typed as one for a rejection."""
    search = search_of(request, registration)
    view = get_case(registration, form, settings.ASPOKTATAS, Asked.from_query(request.GET))
    previous_pk, next_pk = neighbours(search, registration.pk)
    context = {
        "case": view,
        "registration": registration,
        "search": search,
        "previous_pk": previous_pk,
        "next_pk": next_pk,
        "refusal": refusal,
        "changes": changes_since(view.events, seen_version) if refusal and seen_version else [],
        "differences": find_differences(registration, form) if refusal else [],
        "actions": get_actions(registration, actor(request), view.talk.events),
        "is_open": registration.status in OPEN,
        "takes_values": takes_values(request, registration),
        "reason": reason,
        "rejection_letter": fate_of(Notice.REJECTED),
    }
    return render(request, "review/case.html", context, status=status)


def compare(request: HttpRequest, registration: Registration, data: Any) -> HttpResponse:
    """What the person typed beside what is saved, once more."""
    form = CorrectionForm(registration, get_catalogue(), data)
    return show_case(request, registration, form, refusal=label("refused", "compare"))


def takes_values(request: HttpRequest, registration: Registration) -> bool:
    """Whether this person may take values from the mails into the request's fields."""
    return registration.status in CORRECTABLE and may(cast(User, request.user), Ability.DECIDE)


def search_of(request: HttpRequest, registration: Registration | None = None) -> Search:
    """The list the person came from; without one, the list that holds the registration."""
    query = request.GET.copy()
    if "tab" not in query and registration is not None:
        query["tab"] = tab_of_status(registration.status).slug
    return Search.from_query(query, get_catalogue(), request.user.pk or 0)


def target_of(request: HttpRequest, pk: int) -> Target:
    """The registration in the version that the person saw, which the form tells."""
    version = request.POST.get("version", "")
    return Target(pk, int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0)


def get_registration(pk: int) -> Registration:
    """The registration with all that its page needs; 404 where there is none."""
    rows = Registration.objects.select_related("mail", "mail__original", "mail__conversation", "reviewer", "assignee")
    return get_object_or_404(rows, pk=pk)
