"""Take back: undo a decision that has not left the house yet."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change
from worker.models import UNSENT, Event, Reply, ReplyState
from worker.replies.notices import Notice

UNDOABLE = (RegistrationStatus.APPROVED, RegistrationStatus.REJECTED, RegistrationStatus.WITHDRAWN)
OPEN = (RegistrationStatus.READY, RegistrationStatus.REVIEW, RegistrationStatus.INCOMPLETE)
DECISIONS = ("approved", "rejected", "no_registration", "corrected")


@transaction.atomic
def take_back(target: Target, actor: User) -> Registration:
    """Put the request back where it stood before the last decision; exported ones stay exported."""
    registration = get_current(target, UNDOABLE)
    if registration.status == RegistrationStatus.REJECTED:
        _drop_letter(registration, actor)
    values = {"status": _status_before(registration), "reject_reason": "", "reviewer": None}
    return record_change(registration, actor, "taken_back", values)


def _drop_letter(registration: Registration, actor: User) -> None:
    """The letter about a rejection that is taken back must not go out, where it still lies here."""
    waiting = Reply.objects.filter(kind=Notice.REJECTED, author=None, state__in=UNSENT, data_started_at=None)
    for reply in waiting.filter(events__verb="reply_written", events__registration=registration):
        if waiting.filter(pk=reply.pk).update(state=ReplyState.DISCARDED):
            Event.objects.create(actor=actor, verb="reply_discarded", mail_id=reply.mail_id, reply=reply)


def _status_before(registration: Registration) -> str:
    decisions = Event.objects.filter(registration=registration, verb__in=DECISIONS).order_by("-id")
    for details in decisions.values_list("details", flat=True):
        if details.get("from") in OPEN:
            return str(details["from"])
    return RegistrationStatus.REVIEW
