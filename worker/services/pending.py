"""What is due right now: cheap questions to the ledger."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from worker.models import Folder, Mail, MailState, Reply, ReplyState
from worker.services.controls import replies_stopped
from worker.services.copy_sent import TO_COPY
from worker.services.deliver import DUE_STATES
from worker.services.file import TO_FILE
from worker.services.leases import DUE

POLLED_LATELY = timedelta(seconds=90)


def work_due() -> bool:
    """Whether a mail waits for its decision or a reply for its sending."""
    if Mail.objects.filter(DUE, state=MailState.STORED).exists():
        return True
    return Reply.objects.filter(DUE, state__in=DUE_STATES).exists() and not replies_stopped()


def files_due() -> bool:
    """Whether a mail waits for its filing or a sent reply for its copy."""
    return Mail.objects.filter(DUE & TO_FILE).exists() or Reply.objects.filter(DUE & TO_COPY).exists()


def polled_lately() -> bool:
    """Whether every watched folder was polled a short while ago."""
    folders = Folder.objects.all()
    return folders.exists() and not folders.exclude(polled_at__gt=Now() - POLLED_LATELY).exists()


def count_pending_mails() -> int:
    """Mails on their way: neither filed nor left alone."""
    return Mail.objects.filter(Q(state=MailState.STORED) | TO_FILE).count()


def count_pending_replies() -> int:
    """Replies that still have to go out by themselves."""
    return Reply.objects.filter(state__in=[*DUE_STATES, ReplyState.SENDING]).count()
