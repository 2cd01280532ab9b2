"""The page of one registration, and everything that may be done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from registry.models import Registration
from registry.services.approve import approve
from registry.services.change import Target
from registry.services.confirm_clerk import confirm_clerk
from registry.services.correct import CORRECTABLE, OPEN, correct
from registry.services.refusals import (
    ChangeRefusedError,
    FieldsMissingError,
    NotAllowedError,
    OutdatedError,
    ProblemsOpenError,
    TakenError,
)
from registry.services.reopen import reopen
from registry.services.send_to_review import send_to_review
from registry.services.snooze import unsnooze
from registry.services.take_back import take_back
from registry.services.undo import find_undoable
from registry.services.withdraw import mark_no_registration
from review.caseactions import get_actions
from review.cases import changes_since, get_case
from review.differences import find_differences, keep_untouched, take_theirs
from review.forms import CorrectionForm
from review.knowledge import get_catalogue
from review.labels import label
from review.listing import Search, neighbours
from review.notices import fate_of
from review.panels import Asked
from review.people import actor
from review.tabs import tab_of_status
from review.templatetags.words import person
from staff.access import may, needs
from staff.roles import Ability
from worker.models import Event
from worker.replies.notices import Notice

VERBS: dict[str, Callable[[Target, User], Registration]] = {
    "no_registration": mark_no_registration,
    "sent_to_review": send_to_review,
    "taken_back": take_back,
    "reopened": reopen,
    "unsnoozed": unsnooze,
}
STAYS = frozenset(  # the person goes on with the same case
    {
        "corrected",
        "taken_back",
        "clerk_confirmed",
        "address_accepted",
        "reopened",
        "merge_undone",
        "contradiction_settled",
        "unsnoozed",
    }
)


@needs(Ability.VIEW, about="registration")
@require_GET
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The registration with its original mail."""
    registration = get_registration(pk)
    return show_case(request, registration, CorrectionForm(registration, get_catalogue()))


@needs(Ability.DECIDE, about="registration")
@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of VERBS or an approval, without further input."""
    if verb == "approved":
        return _approve(request, pk, partial(approve, target_of(request, pk), actor(request)))
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


def act(  # noqa: PLR0913  # what was asked, and what was typed
    request: HttpRequest,
    pk: int,
    verb: str,
    change: Callable[[], Registration],
    form_data: Any = None,
    *,
    tell: Callable[[Registration], str] | None = None,
    facts: Callable[[Registration], Mapping[str, str]] | None = None,
) -> HttpResponse:
    """Do it and go on to the next case of the list; or show why it was not done (but for ProblemsOpenError).

    Of the row as it is afterwards, `tell` gives a further sentence for the person, `facts` what the first one needs.
    """
    search = search_of(request)
    following = neighbours(search, pk)[1]
    try:
        after = change()
    except Registration.DoesNotExist:
        return redirect("queue")
    except ProblemsOpenError:
        raise
    except ChangeRefusedError as error:
        return refused(request, pk, error, target_of(request, pk).version, form_data)
    undo = undo_mark(pk, find_undoable(after) if verb != "taken_back" else None)
    told = facts(after) if facts else {}
    said = [label("done", verb, name=after.full_name or f"#{after.pk}", **told), *([tell(after)] if tell else [])]
    messages.success(request, " ".join(said), extra_tags=undo)
    next_pk = pk if verb in STAYS else following
    to_list = request.POST.get("to") == "queue" or next_pk is None
    address = reverse("queue") if to_list else reverse("case", args=[next_pk])
    return redirect(f"{address}?{search.query}")


def undo_mark(pk: int, event: Event | None) -> str:
    """The extra tag of a message that offers to take back `event` of the registration; "" where there is none."""
    return f"undo-{pk}-{event.pk}" if event is not None else ""


def address_of(request: HttpRequest, pk: int) -> str:
    """The registration's page in the list that the person works through."""
    return f"{reverse('case', args=[pk])}?{request.GET.urlencode()}"


def refused(  # noqa: PLR0913, PLR0917  # what was asked, why it was not done, and what was typed
    request: HttpRequest,
    pk: int,
    error: ChangeRefusedError,
    seen_version: int,
    form_data: Any = None,
    why: str = "",
) -> HttpResponse:
    """The case as it stands now, why nothing was done, what changed since, and what the person had typed."""
    registration = get_registration(pk)
    data = None
    if form_data is not None:
        events = Event.objects.filter(registration=pk, details__has_key="version").order_by("pk")
        data = keep_untouched(registration, form_data, changes_since(list(events), seen_version))
        data["version"] = str(registration.version)
    form = CorrectionForm(registration, get_catalogue(), data)
    refusal = label("refused", why) if why else why_refused(error)
    return show_case(request, registration, form, status=409, refusal=refusal, seen_version=seen_version)


def compare(request: HttpRequest, registration: Registration, data: Any) -> HttpResponse:
    """What the person typed beside what is saved, once more."""
    form = CorrectionForm(registration, get_catalogue(), data)
    return show_case(request, registration, form, refusal=label("refused", "compare"))


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


def takes_values(request: HttpRequest, registration: Registration) -> bool:
    """Whether this person may take values from the mails into the request's fields."""
    return registration.status in CORRECTABLE and may(cast(User, request.user), Ability.DECIDE)


def why_refused(error: ChangeRefusedError) -> str:
    """The sentence for the person."""
    if isinstance(error, OutdatedError):
        return label("refused", "outdated")
    if isinstance(error, TakenError):
        taken = error.current
        return label("refused", "taken", who=person(taken)) if taken else label("refused", "taken_nobody")
    if isinstance(error, FieldsMissingError):
        return label("refused", "fields_missing", fields=", ".join(label("field", name) for name in error.fields))
    state = error.state if isinstance(error, NotAllowedError) else ""
    return label("refused", "not_allowed", state=label("status", state))


def search_of(request: HttpRequest, registration: Registration | None = None) -> Search:
    """The list the person came from; without one, the list that holds the registration."""
    query = request.GET.copy()
    if "tab" not in query and registration is not None:
        query["tab"] = tab_of_status(registration.status).slug
    return Search.from_query(query, get_catalogue())


def target_of(request: HttpRequest, pk: int) -> Target:
    """The registration in the version that the person saw, which the form tells."""
    version = request.POST.get("version", "")
    return Target(pk, int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0)


def get_registration(pk: int) -> Registration:
    """The registration with all that its page needs; 404 where there is none."""
    rows = Registration.objects.select_related("mail", "mail__original", "mail__conversation", "reviewer", "assignee")
    return get_object_or_404(rows, pk=pk)
