"""Record: the one transaction that writes a verdict and everything that follows from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from rules.model import Kind, Outcome, Verdict
from worker.models import Control, Event, Mail, MailState
from worker.replies.compose import ComposedReply
from worker.services.bounces import link_bounce
from worker.services.budgets import PlannedReply, asked_for, find_exceeded
from worker.services.cases import ANSWERS
from worker.services.controls import restored_at
from worker.services.judge import Judged
from worker.services.leases import finish
from worker.services.outbox import MAYBE_SENT, put_in_outbox
from worker.services.record_case import link_to_case, write_requests
from worker.services.replying import Voice
from worker.services.storable import storable, storable_text

LETTERS = frozenset({Outcome.REPLY_MISSING, Outcome.REPLY_PASSWORD})
RECORDING = "recording"


def take_turn() -> None:
    """Wait until no other process records; holds to the transaction's end (SQLite lets one in at a time anyway)."""
    if Control.objects.select_for_update().filter(name=RECORDING).first() is None:
        Control.objects.get_or_create(name=RECORDING)
        Control.objects.select_for_update().get(name=RECORDING)


def record_verdict(mail: Mail, token: UUID, judged: Judged, voice: Voice) -> bool:
    """Write verdict, requests, at most one reply and the events; False, and nothing, where the case has changed.

    Raises ClaimLost, and OutdatedError where staff change a request this very moment; must run in a transaction
    in which `take_turn` was called.
    """
    if not judged.looks.still_hold():
        return False
    message, verdict = judged.message, judged.settled.verdict
    sender = storable_text(message.from_[0].address if message.from_ else "", 320).lower()
    dump = storable(judged.dump)
    withheld = _why_withheld(mail, sender, judged, dump, voice)
    outcomes = set(verdict.outcomes)
    if withheld and verdict.reply and mail.answerable and voice.mode != "off":
        outcomes = (outcomes - LETTERS) | {Outcome.REVIEW}
    conversation, linked_by = link_to_case(mail, judged)
    finish(
        Mail.objects.filter(pk=mail.pk, lease_token=token, state=MailState.STORED),
        state=MailState.DECIDED,
        kind=verdict.kind.value,
        outcomes=sorted(outcome.value for outcome in outcomes),
        verdict=dump,
        rules_version=verdict.rules_version[:80],
        subject=storable_text(message.subject, 500),
        sender=sender,
        conversation=conversation,
        linked_by=linked_by,
        decided_at=Now(),
        next_attempt_at=Now(),
        attempts=0,
        trace="",
    )
    details = {"kind": verdict.kind.value, "reason": verdict.reason, "withheld": withheld}
    Event.objects.create(verb="decided", mail=mail, details=details)
    if mail.twin_of is None or mail.twin_of.state == MailState.FAILED:
        write_requests(mail, judged, dump)
    if judged.reply is not None and not withheld:
        _write_reply(mail, verdict, judged.reply, voice)
    if verdict.kind is Kind.AUTOMATIC:
        link_bounce(mail, message)
    return True


def _why_withheld(mail: Mail, sender: str, judged: Judged, dump: dict[str, Any], voice: Voice) -> str:
    """Why the reply that the verdict plans is not written; "" where it is, or where none is planned."""
    plan = judged.settled.verdict.reply
    if plan is None:
        return judged.settled.staff
    if not mail.answerable:
        return "twin" if mail.twin_of_id else "before_since"
    if voice.mode == "off":
        return "replies_off"
    if judged.reply is None:
        return "no_address"
    if mail.replies.filter(author__isnull=True, kind__in=ANSWERS).exists():
        return "answered"  # decided again in another light: a mail is answered once
    thread = [*judged.message.references, *judged.message.in_reply_to]
    planned = PlannedReply(
        sender=sender,
        kind=plan.kind.value,
        asked=asked_for(dump),
        thread=thread,
        conversation=judged.found.case.conversation if judged.found.case else None,
        text=storable_text(judged.reply.text),
        replaces=bool(judged.settled.changes or judged.settled.withdrawals),
    )
    exceeded = find_exceeded(planned)
    return f"budget_{exceeded}" if exceeded else ""


def _write_reply(mail: Mail, verdict: Verdict, composed: ComposedReply, voice: Voice) -> None:
    """Queued, or a draft; of a mail that came before a backup was put back uncertain: it may have gone out then."""
    assert verdict.reply is not None
    restored = restored_at()
    before = restored is not None and mail.received_at < restored
    columns = MAYBE_SENT if before else {"state": voice.first_state}
    reply = put_in_outbox(mail, verdict.reply.kind.value, composed, voice.address, **columns)
    Event.objects.create(verb="reply_written", mail=mail, reply=reply, details={"kind": reply.kind})
