"""Sweep: finds what a lost broker, a killed worker or an expired claim left behind. Nothing stays pending for ever."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from worker.models import Event, Mail, MailState, Reply, ReplyState
from worker.services.decide import MAX_ATTEMPTS
from worker.services.deliver import LOOKED_FOR
from worker.services.leases import RELEASED

EXPIRED = Q(lease_until__lt=Now())
DIED = "died"
CUT_OFF = Reply.objects.filter(EXPIRED, state=ReplyState.SENDING)
KILLERS = Mail.objects.filter(EXPIRED, state=MailState.STORED, attempts__gte=MAX_ATTEMPTS)

log = logging.getLogger(__name__)


def sweep() -> int:
    """Put expired work back in order; returns how many rows it touched."""
    return _requeue_replies() + _mark_uncertain() + _park_killers()


def _requeue_replies() -> int:
    """The process died before DATA: certainly not sent."""
    rows = CUT_OFF.filter(data_started_at__isnull=True)
    if not rows.exists():
        return 0
    dead = list(rows.values_list("pk", "mail_id"))
    number = rows.update(state=ReplyState.QUEUED, next_attempt_at=Now(), **RELEASED)
    for reply, mail in dead:
        log.warning("reply %d to mail %d: claimed by a process that died before sending; queued again", reply, mail)
    return number


def _mark_uncertain() -> int:
    """The process died after DATA had begun: it may have gone out, a person decides."""
    rows = CUT_OFF.filter(data_started_at__isnull=False)
    number = 0
    for reply in rows:
        with transaction.atomic():
            changed = rows.filter(pk=reply.pk).update(state=ReplyState.UNCERTAIN, **RELEASED, **LOOKED_FOR)
            if changed:
                Event.objects.create(verb="uncertain", mail_id=reply.mail_id, reply=reply)
                log.error("reply %d to mail %d: it may or may not have gone out; staff decide", reply.pk, reply.mail_id)
        number += changed
    return number


def _park_killers() -> int:
    """Mails whose last allowed attempt ended with the death of the process."""
    rows = KILLERS.all()
    number = 0
    for mail in rows:
        with transaction.atomic():
            changed = rows.filter(pk=mail.pk).update(
                state=MailState.FAILED, failure=DIED, next_attempt_at=Now(), **RELEASED
            )
            if changed:
                Event.objects.create(verb="failed", mail=mail, details={"failure": DIED})
                log.error("mail %d: the process died on it %d times, now in quarantine", mail.pk, mail.attempts)
        number += changed
    return number
