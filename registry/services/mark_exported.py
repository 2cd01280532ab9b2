"""Mark as exported: the file was taken over into the portal, and the requesters are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Account, Registration, RegistrationStatus
from registry.services.change import BulkResult, Target
from registry.services.change_many import lock_current, record_status
from registry.services.tell_registered import tell_registered
from worker.services.notify import Scribe

MAILS_AT_ONCE = 50  # of one transaction: few commits, and nobody else waits long


def mark_exported(
    targets: Iterable[Target], actor: User, scribe: Scribe | None = None, *, made_at: datetime | None = None
) -> BulkResult:
    """Close each approved request that is unchanged since the file was made; the others keep their place.

    In the same transaction each mail's writer gets one letter about all of its people, and whoever had an account
    already a letter of their own: had it before `made_at`, for the upload itself makes accounts, which may have been
    imported since. `scribe` writes them as the configuration says unless another is handed in.
    """
    targets = list(targets)
    scribe = scribe or Scribe()
    done: set[int] = set()
    for group in _by_mails(targets):
        with transaction.atomic():
            rows = lock_current(group, (RegistrationStatus.APPROVED,))
            had_account = _with_account(rows, made_at)
            details = {row.pk: {"had_account": row.pk in had_account} for row in rows}
            record_status(rows, actor, "exported", RegistrationStatus.EXPORTED, details)
            for _, people in groupby(sorted(rows, key=lambda row: (row.mail_id, row.pk)), key=lambda row: row.mail_id):
                tell_registered(scribe, list(people), had_account)
        done |= {row.pk for row in rows}
    return BulkResult(
        tuple(target.pk for target in targets if target.pk in done),
        tuple(target.pk for target in targets if target.pk not in done),
    )


def _by_mails(targets: Sequence[Target]) -> Iterator[list[Target]]:
    """The targets in groups of a few mails each; all of one mail are in one group."""
    places = dict(Registration.objects.filter(pk__in=[one.pk for one in targets]).values_list("pk", "mail_id"))
    known = sorted((one for one in targets if one.pk in places), key=lambda one: (places[one.pk], one.pk))
    mails = (list(group) for _, group in groupby(known, key=lambda one: places[one.pk]))
    while some := list(islice(mails, MAILS_AT_ONCE)):
        yield [target for mail in some for target in mail]


def _with_account(rows: Sequence[Registration], made_at: datetime | None) -> set[int]:
    """Whose address had an account; the primary keys of the requests."""
    accounts = Account.objects.filter(pk__in=[row.email.lower() for row in rows])
    if made_at is not None:
        accounts = accounts.filter(added_at__lt=made_at)
    known = set(accounts.values_list("pk", flat=True))
    return {row.pk for row in rows if row.email.lower() in known}
