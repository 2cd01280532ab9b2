"""Link and unlink: a person says to which conversation a mail belongs, and it is decided again in that light.

All that followed from the mail so far is taken out first: what it added to requests is undone, requests of its own are
withdrawn, letters that have not left are discarded. A mail that was answered is never answered again.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from registry.models import Handling, Registration, RegistrationStatus
from registry.services.change import record_change
from registry.services.overruled import about_mail
from registry.services.refusals import ChangeRefusedError, NotAllowedError
from registry.services.undo_merge import undo_merges_of
from worker.models import UNSENT, Conversation, Event, LinkedBy, Mail, MailState, Reply, ReplyState

DECIDED_MAIL = (MailState.DECIDED, MailState.FILED)
SETTLED = (
    RegistrationStatus.APPROVED,
    RegistrationStatus.EXPORTED,
    RegistrationStatus.REGISTERED,
    RegistrationStatus.REJECTED,
)


class MailChangedError(ChangeRefusedError):
    """Somebody else linked the mail first, or it is being processed: show it as it stands now."""


@transaction.atomic
def link_mail(mail_id: int, conversation_id: int, actor: User, *, seen: int | None) -> Mail:
    """Let the mail belong to the conversation; `seen` is the conversation in which the person saw it.

    Raises Conversation.DoesNotExist and ChangeRefusedError: MailChangedError, or NotAllowedError where staff have
    decided something that followed from the mail.
    """
    conversation = Conversation.objects.get(pk=conversation_id)
    mail = _take_out(mail_id, actor, seen)
    details = {"conversation": conversation.pk, "before": seen}
    return _decide_again(mail, conversation, actor, "mail_linked", details)


@transaction.atomic
def unlink_mail(mail_id: int, actor: User, *, seen: int | None) -> Mail:
    """Let the mail begin a conversation of its own; the same refusals."""
    mail = _take_out(mail_id, actor, seen)
    return _decide_again(mail, None, actor, "mail_unlinked", {"before": seen})


def _take_out(mail_id: int, actor: User, seen: int | None) -> Mail:
    # no key lock: the worker's events about other mails' doings refer to this row and must not wait for it
    mail = Mail.objects.select_for_update(no_key=True).get(pk=mail_id)
    if mail.purged_at is not None:
        raise MailChangedError("emptied: there is nothing left to decide it by")
    if mail.conversation_id != seen or mail.state not in DECIDED_MAIL or mail.lease_token is not None:
        raise MailChangedError("linked or being processed by somebody else")
    undo_merges_of(mail_id, actor)
    for registration in Registration.objects.filter(mail=mail).exclude(status=RegistrationStatus.WITHDRAWN):
        if registration.status in SETTLED:
            raise NotAllowedError(registration.status)
        record_change(registration, actor, "superseded", {"status": RegistrationStatus.WITHDRAWN, "reviewer": actor})
    for letter in Reply.objects.filter(mail=mail, state__in=UNSENT, author__isnull=True, data_started_at__isnull=True):
        if Reply.objects.filter(pk=letter.pk, state=letter.state).update(state=ReplyState.DISCARDED):
            Event.objects.create(actor=actor, verb="reply_discarded", mail=mail, reply=letter)
    return mail


def _decide_again(
    mail: Mail, conversation: Conversation | None, actor: User, verb: str, details: Mapping[str, object]
) -> Mail:
    by_machine = mail.linked_by not in {"", LinkedBy.STAFF}
    changed = Mail.objects.filter(pk=mail.pk, state=mail.state, conversation=mail.conversation_id).update(
        conversation=conversation,
        linked_by=LinkedBy.STAFF,
        state=MailState.STORED,
        attended=False,
        attempts=0,
        next_attempt_at=Now(),
    )
    if changed != 1:
        raise MailChangedError("linked or being processed by somebody else")
    Handling.objects.filter(mail=mail).delete()
    said = about_mail(mail, f"linked_by_{mail.linked_by}", "conversation", verb.removeprefix("mail_"))
    Event.objects.create(actor=actor, verb=verb, mail=mail, details={**details, **(said if by_machine else {})})
    mail.refresh_from_db()
    return mail
