"""Decide: stored mails are claimed, understood and judged, and each verdict is written once with all that follows.

The attempt is counted and committed before the risky part. Thinking happens outside of any transaction; then one
transaction writes the whole group. Where the database refuses that, another one writes each mail under its own
savepoint, so that a bad one never stops the others. A mail whose case changed in between, by an earlier mail of the
group, another process or staff, is thought through again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from registry.directory import load_context
from registry.services.refusals import ChangeRefusedError
from worker.crash_points import reach
from worker.following import followed, following
from worker.models import Event, Mail, MailState
from worker.services.commits import asynchronous_commit
from worker.services.hearing import Failure, Hearing, failure, needs_bytes
from worker.services.judgement import Judged, Reading
from worker.services.leases import RELEASED, Claim, ClaimLost, finish, holding, is_due, later, take
from worker.services.originals import load_small
from worker.services.record import record, take_turn
from worker.services.replying import Voice
from worker.services.search_text import keep_texts
from worker.services.thinking import Thinking, extend

GROUP = 50
ROUNDS = GROUP + 5  # in each at least one mail of the group is written, unless others interfere
MAX_ATTEMPTS = 3
RETRY_AFTER_S = (2.0, 15.0)
EVERYBODYS = Q()
MISTAKES = (DatabaseError, ValueError, TypeError, LookupError, AttributeError)  # of ours, or what a mail brings about
Results = Mapping[int, Judged | Failure]
Ask = Callable[[Claim], Mapping[int, Judged | Reading]]

log = logging.getLogger(__name__)


def decide_group(thinking: Thinking, voice: Voice, whose: Q = EVERYBODYS, ask: Ask = lambda _claim: {}) -> int:
    """Claim and decide one group of stored mails; returns how many were claimed (0: nothing is due).

    `whose` are the mails that `voice` is to answer (worker.services.mailboxes); `ask` may judge or read some of the
    claimed ones elsewhere (worker.services.judges).
    Database errors propagate: the mails are decided later. What was claimed for the first time is given back at once;
    of anything else the claim runs out, for a mail may be what the database fails at.
    """
    stored = Mail.objects.filter(whose, state=MailState.STORED, attempts__lt=MAX_ATTEMPTS).select_related("twin_of")
    if not is_due(stored):
        return 0
    taken = take(stored.filter(attempts=0), GROUP, asynchronous_commit)
    if taken is None:  # one that failed before is tried alone: if it kills the process, it takes nobody with it
        taken = take(stored.filter(attempts__gt=0), 1)
    if taken is None:
        return 0
    ours, mails = taken
    if __debug__:
        reach("decide.claimed")
    with holding(ours, Mail.objects.filter(state=MailState.STORED, attempts=1)):
        _decide_claimed(mails, ours, thinking, voice, ask)
    return len(mails)


def _decide_claimed(mails: list[Mail], ours: Claim, thinking: Thinking, voice: Voice, ask: Ask) -> None:
    """Think and write until all is written, or given back because its case never rests."""
    token = ours.token
    early = ask(ours)
    load_small([mail for mail in mails if needs_bytes(early.get(mail.pk))])
    context = load_context(voice.own_addresses)
    hearing = Hearing(extend(thinking, context), voice, context, early)
    waiting = _think_and_write(mails, token, hearing, as_newcomers=True)
    for _ in range(ROUNDS):
        if not waiting:
            break
        waiting = _think_and_write(waiting, token, hearing, as_newcomers=False)
    for mail in waiting:
        _give_back(mail, token)


def _think_and_write(mails: list[Mail], token: UUID, hearing: Hearing, *, as_newcomers: bool) -> list[Mail]:
    """One round; returns the mails whose case changed in between, or of whose people the ledger knows after all."""
    results = hearing.judge(mails, as_newcomers=as_newcomers)
    if __debug__:
        reach("decide.judged")
    again = _write(mails, token, results, hearing.voice)
    if __debug__:
        reach("decide.written")
    missed = {mail.pk for mail in again}
    for key, result in results.items():
        if key in missed or isinstance(result, Failure):
            continue
        outcomes = ", ".join(sorted(result.settled.verdict.outcomes))
        log.info("mail %d: %s, %s", key, result.found.verdict.kind, outcomes)
    return again


def _write(mails: list[Mail], token: UUID, results: Results, voice: Voice) -> list[Mail]:
    """Together what can be written together; where the database refuses some of it, each by itself."""
    try:
        return _write_in_turn(mails, token, results, voice, together=True)
    except (OperationalError, InterfaceError):
        raise
    except (ChangeRefusedError, ClaimLost, *MISTAKES) as error:
        for mail in mails:
            log.warning("mail %d: not written with others (%s), by itself now", mail.pk, type(error).__name__)
    return _write_in_turn(mails, token, results, voice, together=False)


def _write_in_turn(mails: list[Mail], token: UUID, results: Results, voice: Voice, *, together: bool) -> list[Mail]:
    """One transaction; returns the mails that must be thought through again."""
    began = time.time_ns()
    done: list[Mail] = []
    again: list[Mail] = []
    with asynchronous_commit():
        take_turn()
        if together:
            judged = [(mail, result) for mail in mails if isinstance(result := results[mail.pk], Judged)]
            done, again = record(judged, token, voice)
            keep_texts((mail.pk, one.message) for mail, one in judged if mail in done)
            followed("record", [mail.pk for mail in done], began)
        settled = {mail.pk for mail in (*done, *again)}
        others = [mail for mail in mails if mail.pk not in settled]
        again += [mail for mail in others if not _write_alone(mail, token, results[mail.pk], voice)]
        if __debug__:
            reach("decide.writing")
    return again


def _write_alone(mail: Mail, token: UUID, result: Judged | Failure, voice: Voice) -> bool:
    """Write what came out; False where it no longer holds and the mail must be thought through again."""
    try:
        if isinstance(result, Judged):
            with following("record", mail.pk), transaction.atomic():
                _, again = record([(mail, result)], token, voice)
            if not again:
                _keep_text(mail, result)
            return not again
    except ClaimLost:
        return True
    except ChangeRefusedError:  # staff were faster
        return False
    except (OperationalError, InterfaceError):
        raise
    except MISTAKES as error:
        result = failure(error)
    _record_failure(mail, token, result)
    return True


def _keep_text(mail: Mail, judged: Judged) -> None:
    """For the search; what is wrong with a text is no fault of the verdict's."""
    try:
        with transaction.atomic():
            keep_texts([(mail.pk, judged.message)])
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError as error:
        log.warning("mail %d: its text is not kept for the search (%s)", mail.pk, type(error).__name__)


def _give_back(mail: Mail, token: UUID) -> None:
    """Others change the case faster than it can be thought about: later, and no fault of the mail's."""
    rows = Mail.objects.filter(pk=mail.pk, lease_token=token, state=MailState.STORED)
    rows.update(attempts=F("attempts") - 1, next_attempt_at=later(RETRY_AFTER_S[0]), **RELEASED)
    log.warning("mail %d: its case changed %d times meanwhile; decided later", mail.pk, ROUNDS)


def _record_failure(mail: Mail, token: UUID, failure: Failure) -> None:
    """Count it; the last attempt parks the mail in quarantine. Log lines hold no content."""
    rows = Mail.objects.filter(pk=mail.pk, lease_token=token, state=MailState.STORED)
    trace = failure.trace.replace("\x00", "")
    try:
        if mail.attempts < MAX_ATTEMPTS:
            wait = RETRY_AFTER_S[min(mail.attempts, len(RETRY_AFTER_S)) - 1]
            finish(rows, trace=trace, next_attempt_at=later(wait))
            log.warning("mail %d: attempt %d failed (%s)", mail.pk, mail.attempts, failure.name)
            return
        finish(rows, state=MailState.FAILED, failure=failure.name[:200], trace=trace, next_attempt_at=Now())
    except ClaimLost:
        return
    Event.objects.create(verb="failed", mail=mail, details={"failure": failure.name})
    log.error("mail %d: failed %d times (%s), now in quarantine", mail.pk, mail.attempts, failure.name)
