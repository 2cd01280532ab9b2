"""Decide: stored mails are claimed, understood and judged, and each verdict is written once with all that follows.

The attempt is counted and committed before the risky part. Thinking happens outside of any transaction; then one
transaction writes the whole group, each mail under its own savepoint, so that a bad one never stops the others.
"""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from registry.directory import extend_catalogue, load_context
from rules.catalogue import Catalogue
from rules.model import Context, Kind, Message, Outcome, Verdict
from worker.crash_points import reach
from worker.models import Event, Mail, MailState
from worker.replies.compose import ComposedReply
from worker.services.leases import ClaimLost, claim, finish, later
from worker.services.record import Judged, record_verdict
from worker.services.replying import Voice, compose
from worker.services.store import OVERSIZE
from worker.services.thinking import Thinking

GROUP = 20
MAX_ATTEMPTS = 3
RETRY_AFTER_S = (2.0, 15.0)
LONGEST_TRACE = 20_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a mail could not be judged."""

    name: str
    trace: str


def decide_group(thinking: Thinking, voice: Voice) -> int:
    """Claim and decide one group of stored mails; returns how many were claimed (0: nothing is due).

    Database errors propagate: the claims run out and the mails are decided later.
    """
    fresh = Mail.objects.filter(state=MailState.STORED, attempts=0)
    token = claim(fresh, GROUP)
    if token is None:  # one that failed before is tried alone: if it kills the process, it takes nobody with it
        token = claim(Mail.objects.filter(state=MailState.STORED, attempts__range=(1, MAX_ATTEMPTS - 1)), 1)
    if token is None:
        return 0
    mails = list(Mail.objects.filter(lease_token=token).select_related("twin_of").order_by("pk"))
    if __debug__:
        reach("decide.claimed")
    context = load_context(voice.own_addresses)
    thinking = replace(thinking, catalogue=_extended(thinking.catalogue, context))
    judged = [(mail, _judge(mail, thinking, voice, context)) for mail in mails]
    if __debug__:
        reach("decide.judged")
    with transaction.atomic():
        for mail, result in judged:
            _write(mail, token, result, voice)
        if __debug__:
            reach("decide.writing")
    if __debug__:
        reach("decide.written")
    for mail, result in judged:
        if isinstance(result, Judged):
            outcomes = ", ".join(sorted(result.verdict.outcomes))
            log.info("mail %d: %s, %s", mail.pk, result.verdict.kind, outcomes)
    return len(mails)


_last_extended: list[tuple[Context, Catalogue, Catalogue]] = []


def _extended(catalogue: Catalogue, context: Context) -> Catalogue:
    """The catalogue with the imported settlements; made again only when a directory changed, as `context` is."""
    for known_context, known, extended in _last_extended:
        if known_context is context and known is catalogue:
            return extended
    extended = extend_catalogue(catalogue)
    _last_extended[:] = [(context, catalogue, extended)]
    return extended


def _judge(mail: Mail, thinking: Thinking, voice: Voice, context: Context) -> Judged | _Failure:
    try:
        raw = mail.raw
        if __debug__:
            reach("decide.parsing")
        message = thinking.parse(raw)
        verdict = thinking.decide(message, thinking.catalogue, context)
        if mail.failure == OVERSIZE and verdict.kind is not Kind.AUTOMATIC:
            verdict = Verdict(Kind.OTHER, frozenset({Outcome.REVIEW}), OVERSIZE, rules_version=verdict.rules_version)
        return Judged(message, verdict, thinking.dump(verdict), _reply(mail, message, verdict, thinking, voice))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # whatever a mail does to the code, the next mail is decided
        return _failure(error)


def _reply(mail: Mail, message: Message, verdict: Verdict, thinking: Thinking, voice: Voice) -> ComposedReply | None:
    if verdict.reply is None or not mail.answerable or voice.mode == "off":
        return None
    return compose(mail, message, verdict, thinking.catalogue, voice)


def _failure(error: Exception) -> _Failure:
    return _Failure(type(error).__name__, "".join(traceback.format_exception(error))[-LONGEST_TRACE:])


def _write(mail: Mail, token: UUID, result: Judged | _Failure, voice: Voice) -> None:
    try:
        if isinstance(result, Judged):
            with transaction.atomic():
                record_verdict(mail, token, result, voice)
            return
    except ClaimLost:
        return
    except (OperationalError, InterfaceError):
        raise
    except (DatabaseError, ValueError, TypeError, LookupError, AttributeError) as error:
        result = _failure(error)
    _record_failure(mail, token, result)


def _record_failure(mail: Mail, token: UUID, failure: _Failure) -> None:
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
