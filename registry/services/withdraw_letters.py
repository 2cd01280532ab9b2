"""Withdraw letters: what a decision wrote must not go out any more once the decision is taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q

from registry.models import Registration
from worker.models import UNSENT, Event, Reply, ReplyState
from worker.replies.notices import Notice


@dataclass(frozen=True, slots=True)
class Letters:
    """How many letters were held back, and how many had left, or may have."""

    withdrawn: int = 0
    gone: int = 0


def withdraw_letters(registration: Registration, decision: Event, actor: User) -> Letters:
    """Discard the letters of the event `decision` that still lie here. Must run in a transaction."""
    rejection = Q(kind=Notice.REJECTED, author=None, events__verb="reply_written", events__registration=registration)
    own = Q(pk=decision.reply_id) if decision.reply_id else Q(pk=None)
    written = rejection & Q(events__pk__gt=decision.pk) if decision.verb == "rejected" else own
    letters = list(Reply.objects.filter(written).exclude(state=ReplyState.DISCARDED).defer("data").distinct())
    withdrawn = 0
    for letter in letters:
        here = Reply.objects.filter(pk=letter.pk, state__in=UNSENT, data_started_at=None)
        if here.update(state=ReplyState.DISCARDED):
            withdrawn += 1
            Event.objects.create(actor=actor, verb="reply_discarded", mail_id=letter.mail_id, reply=letter)
    return Letters(withdrawn, len(letters) - withdrawn)
