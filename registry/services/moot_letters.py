"""Moot letters: what a person settles nobody need be asked for any more; a letter that lies here yet must not go.

Undoing the decision brings them back as they were.
"""

from __future__ import annotations

from django.contrib.auth.models import User

from registry.models import Registration, RegistrationStatus
from rules.model import ReplyKind
from worker.models import UNSENT, Event, Reply, ReplyState
from worker.replies.notices import Notice

ASKING = (ReplyKind.MISSING.value, Notice.REMINDER.value)
BROUGHT_BACK = "reply_brought_back"


def discard_moot_letters(registration: Registration, decision: Event, actor: User) -> None:
    """Discard the worker's unsent letters that ask, where nothing is asked of anybody in the case any more.

    Must run in a transaction.
    """
    case = registration.mail.conversation_id
    of_case = {"mail__conversation": case} if case is not None else {"mail": registration.mail_id}
    if Registration.objects.filter(**of_case, status=RegistrationStatus.INCOMPLETE).exists():
        return
    letters = Reply.objects.filter(**of_case, author=None, kind__in=ASKING, state__in=UNSENT, lease_token=None)
    for letter in letters.defer("data"):
        here = Reply.objects.filter(pk=letter.pk, state=letter.state, lease_token=None, data_started_at=None)
        if here.update(state=ReplyState.DISCARDED):
            details = {"decision": decision.pk, "was": letter.state}
            Event.objects.create(
                actor=actor, verb="reply_discarded", mail_id=letter.mail_id, reply=letter, details=details
            )


def bring_letters_back(decision: Event, actor: User) -> None:
    """Put those letters back that the event `decision` made moot. Must run in a transaction."""
    discarded = Event.objects.filter(verb="reply_discarded", details__decision=decision.pk)
    for event in discarded.filter(reply__isnull=False).select_related("reply"):
        assert event.reply is not None
        letter = Reply.objects.filter(pk=event.reply.pk, state=ReplyState.DISCARDED, data_started_at=None)
        was = event.details.get("was")  # not where the mail was emptied meanwhile, and the letter with it
        if was and letter.exclude(text="").update(state=was):
            Event.objects.create(actor=actor, verb=BROUGHT_BACK, mail_id=event.mail_id, reply=event.reply)
