"""Mails that could not be processed: list, show, retry."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models.functions import Now

from worker.models import Event, Mail, MailState

log = logging.getLogger(__name__)


def quarantined() -> models.QuerySet[Mail]:
    """Every mail in quarantine, oldest first."""
    return Mail.objects.filter(state=MailState.FAILED).order_by("id")


def retry(ids: Iterable[int] | None = None) -> int:
    """Put quarantined mails (all of them where `ids` is None) back in line with a fresh count of attempts.

    Returns how many. A mail that was filed to the failure folder is filed again from there.
    """
    with transaction.atomic():
        rows = quarantined() if ids is None else quarantined().filter(id__in=list(ids))
        chosen = list(rows.select_for_update().values_list("id", flat=True))
        Mail.objects.filter(id__in=chosen).update(
            state=MailState.STORED, attempts=0, next_attempt_at=Now(), lease_token=None, lease_until=None
        )
        Event.objects.bulk_create(Event(verb="retried", mail_id=mail_id) for mail_id in chosen)
    for mail_id in chosen:
        log.info("mail %d: back in line", mail_id)
    return len(chosen)
