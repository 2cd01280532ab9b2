"""The letters about people who are in the portal now: once each, when their request leaves the approved ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from registry.models import Registration
from rules.model import Address
from worker.replies.notices import Notice
from worker.services.notify import Scribe, Telling, write_notice


def tell_registered(scribe: Scribe, rows: Sequence[Registration], had_account: Collection[int]) -> None:
    """Write the letters about `rows`, requests of one mail: to its writer one about all who are new.

    Whoever `had_account` before (primary keys of requests) gets a letter of their own: that somebody has an account is
    told to that person alone. Must run in the transaction that changes the rows.
    """
    new = [row for row in rows if row.pk not in had_account]
    if new:
        write_notice(scribe, Telling(Notice.REGISTERED, new[0].mail, new, _occasion(new)))
    for row in rows:
        if row.pk in had_account:
            owner = (Address("", row.email.lower()),)
            write_notice(scribe, Telling(Notice.ACCOUNT_EXISTS, row.mail, [row], _occasion([row]), to=owner))


def _occasion(rows: Sequence[Registration]) -> str:
    return ",".join(f"{row.pk}.{row.version}" for row in rows)
