"""Mark as exported: the file was taken over into the portal, and the requesters are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Account, Registration, RegistrationStatus
from registry.services.change import BulkResult, Target, get_current, record_change
from registry.services.refusals import ChangeRefusedError
from rules.model import Address
from worker.replies.notices import Notice
from worker.services.notify import Scribe, Telling, write_notice


def mark_exported(targets: Iterable[Target], actor: User, scribe: Scribe | None = None) -> BulkResult:
    """Close each approved request that is unchanged since the file was made; the others keep their place.

    In the same transaction each mail's writer gets one letter about all of its people, and whoever had an account
    already a letter of their own. `scribe` writes them as the configuration says unless another is handed in.
    """
    targets = list(targets)
    scribe = scribe or Scribe()
    places = dict(Registration.objects.filter(pk__in=[one.pk for one in targets]).values_list("pk", "mail_id"))
    by_mail: defaultdict[int | None, list[Target]] = defaultdict(list)
    for target in targets:
        by_mail[places.get(target.pk)].append(target)
    done: set[int] = set()
    for group in by_mail.values():
        with transaction.atomic():
            rows = [row for target in group if (row := _export(target, actor)) is not None]
            _tell(scribe, rows)
        done |= {row.pk for row in rows}
    return BulkResult(
        tuple(target.pk for target in targets if target.pk in done),
        tuple(target.pk for target in targets if target.pk not in done),
    )


def _export(target: Target, actor: User) -> Registration | None:
    try:
        with transaction.atomic():
            registration = get_current(target, (RegistrationStatus.APPROVED,))
            return record_change(registration, actor, "exported", {"status": RegistrationStatus.EXPORTED})
    except (ChangeRefusedError, Registration.DoesNotExist):
        return None


def _tell(scribe: Scribe, rows: Sequence[Registration]) -> None:
    """The letters about these requests of one mail. That somebody has an account is told to that person alone."""
    known = set(Account.objects.filter(pk__in=[row.email.lower() for row in rows]).values_list("pk", flat=True))
    new = [row for row in rows if row.email.lower() not in known]
    if new:
        write_notice(scribe, Telling(Notice.REGISTERED, new[0].mail, new, _occasion(new)))
    for row in rows:
        if row.email.lower() in known:
            owner = (Address("", row.email.lower()),)
            write_notice(scribe, Telling(Notice.ACCOUNT_EXISTS, row.mail, [row], _occasion([row]), to=owner))


def _occasion(rows: Sequence[Registration]) -> str:
    return ",".join(f"{row.pk}.{row.version}" for row in rows)
