"""Doing something to a registration: where the person goes on, what they are told, and what where it was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from registry.models import Registration
from registry.services.change import BulkResult
from registry.services.refusals import (
    ChangeRefusedError,
    FieldsMissingError,
    NotAllowedError,
    OutdatedError,
    ProblemsOpenError,
    TakenError,
)
from registry.services.undo import find_undoable
from review.called import called
from review.cases import changes_since
from review.differences import keep_untouched
from review.forms import CorrectionForm
from review.knowledge import get_catalogue
from review.labels import label
from review.listing import neighbours
from review.templatetags.words import person
from review.views.case_page import get_registration, search_of, show_case, target_of
from worker.models import Event

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
    is_unchanged = verb == "corrected" and after.version == target_of(request, pk).version
    undo = undo_mark(pk, find_undoable(after) if verb != "taken_back" and not is_unchanged else None)
    told = facts(after) if facts else {}
    done = "unchanged" if is_unchanged else verb
    said = [label("done", done, name=called(after), **told), *([tell(after)] if tell else [])]
    messages.success(request, " ".join(filter(None, said)), extra_tags=undo)
    next_pk = pk if verb in STAYS else following
    to_list = request.POST.get("to") == "queue" or next_pk is None
    address = reverse("queue") if to_list else reverse("case", args=[next_pk])
    return redirect(f"{address}?{search.query}")


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


def undo_mark(pk: int, event: Event | None, *, together: bool = False) -> str:
    """The extra tag of a message that offers to take back `event` of the registration, `together` with all that was
    done to many in one go; "" where there is none."""
    return f"undo{'_all' if together else ''}-{pk}-{event.pk}" if event is not None else ""


def tell_left(request: HttpRequest, result: BulkResult) -> None:
    """Which of many were left alone, and why."""
    if result.refused:
        reasons = Counter(result.why.get(pk, "other") for pk in result.refused)
        said = ", ".join(f"{number} {label('why_refused', why)}" for why, number in reasons.items())
        messages.warning(request, label("done", "bulk_left", number=len(result.refused), why=said))


def address_of(request: HttpRequest, pk: int) -> str:
    """The registration's page in the list that the person works through."""
    return f"{reverse('case', args=[pk])}?{request.GET.urlencode()}"
