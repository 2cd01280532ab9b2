"""Settle a contradiction: a person says which value holds, the one given first or the one that an answer gave."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration
from registry.services.change import Target, get_current, record_change
from registry.services.correct import OPEN, Correction, correct
from registry.services.refusals import NotAllowedError
from rules.model import Note

SETTLED = "contradiction_settled"


@transaction.atomic
def settle_contradiction(target: Target, actor: User, correction: Correction) -> Registration:
    """Take `correction` as what holds; the note falls away, and a request that lacks nothing becomes `ready`.

    Raises ChangeRefusedError: NotAllowedError where nothing contradicts, or the request is decided.
    """
    registration = get_current(target, OPEN)
    if Note.ANSWER_CONTRADICTS not in registration.notes:
        raise NotAllowedError(registration.status)
    notes = [note for note in registration.notes if note != Note.ANSWER_CONTRADICTS]
    settled = record_change(registration, actor, "contradiction_settled", {"notes": notes})
    return correct(Target(settled.pk, settled.version), actor, correction, approve=False)
