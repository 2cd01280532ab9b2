"""Hand over: a person takes a mail out of quarantine to deal with it by hand; no machine looks at it again."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from registry.models import Registration
from registry.services.handle_mail import open_registration
from registry.services.refusals import NotAllowedError
from rules.model import Kind, Outcome
from worker.models import Conversation, Event, LinkedBy, Mail, MailState
from worker.services.storable import storable_text


@dataclass(frozen=True, slots=True)
class Headline:
    """What the mail's header says of it: a mail in quarantine was never read, so the ledger does not know."""

    subject: str
    sender: str


@transaction.atomic
def hand_over_mail(mail_id: int, actor: User, headline: Headline) -> Mail:
    """Put a quarantined mail on the manual list. Raises NotAllowedError where it is in quarantine no more."""
    return _take(mail_id, actor, headline, Kind.OTHER)


@transaction.atomic
def hand_over_as_request(mail_id: int, actor: User, headline: Headline) -> Registration:
    """Start an empty request for a person of a quarantined mail; the same refusal."""
    _take(mail_id, actor, headline, Kind.REGISTRATION)
    return open_registration(mail_id, actor, known=Registration.objects.filter(mail=mail_id).count())


def _take(mail_id: int, actor: User, headline: Headline, kind: Kind) -> Mail:
    """Decided by a person: filed where manual work lies, with a conversation of its own."""
    mail = Mail.objects.select_for_update(no_key=True).get(pk=mail_id)
    taken = Mail.objects.filter(pk=mail_id, state=MailState.FAILED).update(
        state=MailState.DECIDED,
        kind=kind.value,
        outcomes=[Outcome.REVIEW.value],
        subject=storable_text(headline.subject, 500),
        sender=storable_text(headline.sender, 320).lower(),
        decided_at=Now(),
        attempts=0,
        next_attempt_at=Now(),
        lease_token=None,
        lease_until=None,
    )
    if not taken:
        raise NotAllowedError(mail.state)
    if mail.conversation_id is None:
        conversation = Conversation.objects.create()
        Mail.objects.filter(pk=mail_id).update(conversation=conversation, linked_by=LinkedBy.OPENED)
    Event.objects.create(actor=actor, verb="handed_over", mail=mail, details={"failure": mail.failure})
    mail.refresh_from_db()
    return mail
