"""What is due right now: cheap questions to the ledger."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from worker.models import DUE_STATES, OUTGOING, Mail, MailState, Reply
from worker.services.controls import replies_stopped
from worker.services.copy_sent import TO_COPY
from worker.services.file import TO_FILE
from worker.services.leases import DUE


def work_due() -> bool:
    """Whether a mail waits for its decision or a reply for its sending."""
    if Mail.objects.filter(DUE, state=MailState.STORED).exists():
        return True
    return Reply.objects.filter(DUE, state__in=DUE_STATES).exists() and not replies_stopped()


def files_due() -> bool:
    """Whether a mail waits for its filing or a sent reply for its copy."""
    return Mail.objects.filter(DUE & TO_FILE).exists() or Reply.objects.filter(DUE & TO_COPY).exists()


def count_pending_mails(elsewhere_than: Collection[str] = ()) -> int:
    """Mails on their way: neither filed nor left alone. Those of the named mailboxes do not count."""
    return Mail.objects.filter(Q(state=MailState.STORED) | TO_FILE).exclude(mailbox__in=list(elsewhere_than)).count()


def count_pending_replies() -> int:
    """Replies that still have to go out by themselves."""
    return Reply.objects.filter(state__in=OUTGOING).count()
