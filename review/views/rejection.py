"""Reject a request: with a reason, with or without a letter, and first a look at what would go out."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from registry.models import Registration
from registry.services.refusals import ChangeRefusedError
from registry.services.reject import reject
from review.forms import CorrectionForm
from review.knowledge import get_catalogue
from review.labels import label, labels_of
from review.notices import fate_of, last_event, rehearse, tell_of, written_since
from review.people import actor
from review.views.acting import act, refused
from review.views.case_page import get_registration, search_of, show_case, target_of
from staff.access import needs
from staff.roles import Ability
from worker.replies.notices import Notice

REASON_LIMIT = 2000


@needs(Ability.DECIDE, about="registration")
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject with a reason; with `preview` among the values, show the letter and ask once more."""
    reason = _reason(request)
    if not reason or "back" in request.POST:
        refusal = "" if reason else label("refused", "reason_missing")
        registration = get_registration(pk)
        form = CorrectionForm(registration, get_catalogue())
        return show_case(request, registration, form, status=200 if reason else 400, refusal=refusal, reason=reason)
    letter = "without_letter" not in request.POST
    change = partial(reject, target_of(request, pk), actor(request), reason, letter=letter)
    if "preview" in request.POST:
        return _preview(request, pk, change, reason, letter)
    mark = last_event()

    def tell(after: Registration) -> str:
        return tell_of(written_since(mark, [after.mail_id]))

    return act(request, pk, "rejected", change, tell=tell)


def _reason(request: HttpRequest) -> str:
    """The ready-made words that were chosen, and below them those of the person."""
    own = request.POST.get("reason", "").replace("\0", "").replace("\r\n", "\n").strip()
    ready_made = labels_of("reject_reason").get(request.POST.get("ready_made", ""), "")
    return "\n\n".join(words for words in (ready_made, own) if words)[:REASON_LIMIT]


def _preview(request: HttpRequest, pk: int, change: partial[Registration], reason: str, letter: bool) -> HttpResponse:
    try:
        written = rehearse(change)
    except ChangeRefusedError as error:
        return refused(request, pk, error, target_of(request, pk).version)
    registration = get_registration(pk)
    context = {
        "registration": registration,
        "search": search_of(request, registration),
        "version": target_of(request, pk).version,
        "reason": reason,
        "letter": letter,
        "reply": written.letters[0] if written.letters else None,
        "withheld": written.withheld[0] if written.withheld else "",
        "rejection_letter": fate_of(Notice.REJECTED),
    }
    return render(request, "review/reject_confirm.html", context)
