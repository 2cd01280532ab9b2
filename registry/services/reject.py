"""Reject: a person refuses a request, says why, and the requester is told."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change
from registry.services.overruled import outcome
from worker.replies.notices import Notice
from worker.services.notify import Scribe, Telling, write_notice

REJECTABLE = (
    RegistrationStatus.READY,
    RegistrationStatus.REVIEW,
    RegistrationStatus.INCOMPLETE,
    RegistrationStatus.APPROVED,
)


@transaction.atomic
def reject(
    target: Target, actor: User, reason: str, *, letter: bool = True, scribe: Scribe | None = None
) -> Registration:
    """Refuse the request; `reason` must not be blank (ValueError). Raises ChangeRefusedError.

    With `letter` the requester gets the reason in a letter, which `scribe` writes as the configuration says unless
    another is handed in.
    """
    reason = reason.strip()
    if not reason:
        raise ValueError("a rejection needs a reason")
    registration = get_current(target, REJECTABLE)
    values = {"status": RegistrationStatus.REJECTED, "reject_reason": reason, "reviewer": actor}
    said = outcome(registration, "outcome", "rejected", only_from=RegistrationStatus.READY)
    rejected = record_change(registration, actor, "rejected", values, reason=reason, letter=letter, **said)
    if letter:
        occasion = f"{rejected.pk}.{rejected.version}"
        telling = Telling(Notice.REJECTED, rejected.mail, [rejected], occasion, reason=reason)
        write_notice(scribe or Scribe(), telling)
    return rejected
