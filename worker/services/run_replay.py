"""Run replays: what staff asked for, in turns of a few seconds, so that no mail waits long behind them.

A turn claims the oldest waiting replay, decides mails again where the one before it ended, and writes its progress
with the differences, all guarded by the claim: a turn that died is taken up again by the next, cancelling ends it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from registry.directory import extend_catalogue, load_context
from registry.replays import Compared, Replay, ReplayDifference, ReplayState
from rules.model import Context
from worker.models import Event, Mail
from worker.services.leases import DUE, LEASE, RELEASED, ClaimLost, claim, finish
from worker.services.replay import Change, Replayed, decided_mails, replay_one
from worker.services.thinking import Thinking

TURN_S = 5.0
BATCH = 20
MOST_ATTEMPTS = 3  # turns in a row that ended without progress
KEPT = 20  # finished replays; older ones go with their differences
PERSONAL = frozenset({"full_name", "email"})  # of these only that they differ is kept
FAILURE = "failure"
LONGEST = 500

WAITING = Replay.objects.filter(DUE, state=ReplayState.WAITING)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants replayed: mails received from `since` until before `until`."""

    since: datetime
    until: datetime
    compares: str = Compared.LEDGER


def start_replay(actor: User, wish: Wish, thinking: Thinking) -> Replay:
    """Queue a replay; whoever calls rings the bell. Old ones are forgotten."""
    with transaction.atomic():
        row = Replay.objects.create(
            compares=wish.compares,
            since=wish.since,
            until=wish.until,
            version=_version(find_ways(wish.compares, thinking)),
            total=decided_mails(wish.since, wish.until).count(),
            author=actor,
        )
        details = {"replay": row.pk, "compares": row.compares, "mails": row.total}
        Event.objects.create(verb="replay_started", actor=actor, details=details)
        old = Replay.objects.exclude(state=ReplayState.WAITING).order_by("-pk").values_list("pk", flat=True)[KEPT:]
        Replay.objects.filter(pk__in=list(old)).delete()
    return row


def cancel_replay(actor: User, pk: int) -> bool:
    """End a replay that waits or runs; what it found stays. False where it was over."""
    with transaction.atomic():
        rows = Replay.objects.filter(pk=pk, state=ReplayState.WAITING)
        done = rows.update(state=ReplayState.CANCELLED, finished_at=Now(), **RELEASED)
        if done:
            Event.objects.create(verb="replay_cancelled", actor=actor, details={"replay": pk})
    return bool(done)


def replays_due() -> bool:
    """Whether a replay waits for a turn."""
    return WAITING.exists()


def run_turn(thinking: Thinking, own_addresses: frozenset[str], seconds: float = TURN_S) -> bool:
    """Work on one replay for a while; returns whether there was one."""
    ours = claim(Replay.objects.filter(state=ReplayState.WAITING), 1)
    if ours is None:
        return False
    token, row = ours.token, ours.of(Replay.objects.all()).get()
    over = time.monotonic() + seconds
    try:
        if row.attempts > MOST_ATTEMPTS:
            _end(row, token, ReplayState.FAILED)
            return True
        ways = find_ways(row.compares, thinking)
        if _version(ways) != row.version:
            _end(row, token, ReplayState.OVERTAKEN)
            return True
        context = load_context(own_addresses)
        while time.monotonic() < over:
            if not _do_batch(row, token, ways, context):
                _end(row, token, ReplayState.DONE)
                return True
        finish(_mine(row, token), next_attempt_at=Now())
    except ClaimLost:
        log.info("replay %d was cancelled or taken up by somebody else", row.pk)
    return True


def _do_batch(row: Replay, token: UUID, ways: Sequence[Thinking], context: Context) -> int:
    """Decide a few mails again and write what came out; returns how many. Raises ClaimLost."""
    cursor = Replay.objects.values_list("cursor", flat=True).get(pk=row.pk)
    keys = list(decided_mails(row.since, row.until).filter(pk__gt=cursor).values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    mails = (decided_mails().filter(pk=key).first() for key in keys)  # one at a time: originals may be large
    results = [replay_one(mail, ways, context) for mail in mails if mail is not None]
    changed, failed = sum(bool(one.changes) for one in results), sum(bool(one.failure) for one in results)
    with transaction.atomic():
        written = _mine(row, token).update(
            cursor=keys[-1],
            done=F("done") + len(keys),
            changed=F("changed") + changed,
            failed=F("failed") + failed,
            attempts=1,
            lease_until=Now() + LEASE,
        )
        if not written:
            raise ClaimLost
        there = set(Mail.objects.filter(pk__in=[one.mail_id for one in results]).values_list("pk", flat=True))
        differences = [one for result in results if result.mail_id in there for one in _differences(row, result)]
        ReplayDifference.objects.bulk_create(differences)
    return len(keys)


def _differences(row: Replay, result: Replayed) -> Iterator[ReplayDifference]:
    if result.failure:
        yield ReplayDifference(replay=row, mail_id=result.mail_id, what=FAILURE, after=result.failure)
    for change in result.changes:
        person, what = split_change(change)
        told = {} if what in PERSONAL else {"before": change.before[:LONGEST], "after": change.after[:LONGEST]}
        yield ReplayDifference(replay=row, mail_id=result.mail_id, what=what, person=person, **told)


def split_change(change: Change) -> tuple[int, str]:
    """The person a change is about (counted from 1, 0 for the mail) and the word or field."""
    head, colon, what = change.what.partition(": ")
    return (int(head.removeprefix("person ")), what) if colon else (0, change.what)


def find_ways(compares: str, thinking: Thinking) -> tuple[Thinking, ...]:
    """The ways to think that are compared: today's alone (with the ledger), or today's and the one with the drafts."""
    today = replace(thinking, catalogue=extend_catalogue(thinking.catalogue))
    if compares == Compared.LEDGER:
        return (today,)
    return (today, replace(thinking, catalogue=extend_catalogue(thinking.catalogue, drafts=True)))


def _version(ways: Sequence[Thinking]) -> str:
    return "|".join(one.catalogue.version for one in ways)[:80]


def _end(row: Replay, token: UUID, state: ReplayState) -> None:
    finish(_mine(row, token), state=state, finished_at=Now())


def _mine(row: Replay, token: UUID) -> Any:
    return Replay.objects.filter(pk=row.pk, lease_token=token, state=ReplayState.WAITING)
