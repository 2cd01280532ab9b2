"""Record: the one transaction that writes a verdict and everything that follows from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rules.model import Kind
from worker.models import Control, Event, Mail, MailState
from worker.services.bounces import link_bounce
from worker.services.budgets import PlannedReply, asked_for, find_exceeded
from worker.services.cases import ANSWERS
from worker.services.controls import restored_at
from worker.services.judged_rows import (
    VERDICT,
    decided_event,
    reply_row,
    sender_of,
    verdict_columns,
    why_unwritten,
    written_event,
)
from worker.services.judgement import Judged
from worker.services.leases import ClaimLost
from worker.services.record_case import link_to_case, write_requests
from worker.services.replying import Voice
from worker.services.storable import storable_text

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
    verdict = judged.settled.verdict
    dump = judged.dump
    withheld = why_unwritten(mail, judged, voice) or _over_budget(mail, judged, dump)
    events: list[Event] = []
    conversation, linked_by = link_to_case(mail, judged, events)
    columns = verdict_columns(mail, judged, withheld, voice)
    if not VERDICT.run(pk=mail.pk, lease_token=token, conversation=conversation, linked_by=linked_by, **columns):
        raise ClaimLost
    Event.objects.bulk_create([*events, decided_event(mail, judged, withheld)])
    if mail.twin_of is None or mail.twin_of.state == MailState.FAILED:
        write_requests(mail, judged, dump)
    if judged.reply is not None and not withheld:
        reply = reply_row(mail, judged, voice, restored_at())
        reply.save()
        written_event(mail, reply).save()
    if verdict.kind is Kind.AUTOMATIC:
        link_bounce(mail, judged.message)
    return True


def _over_budget(mail: Mail, judged: Judged, dump: dict[str, Any]) -> str:
    """Which budget the reply that the verdict plans would exceed; "" where none, or where no reply is planned."""
    plan = judged.settled.verdict.reply
    if plan is None or judged.reply is None:
        return ""
    if mail.replies.filter(author__isnull=True, kind__in=ANSWERS).exists():
        return "answered"  # decided again in another light: a mail is answered once
    thread = [*judged.message.references, *judged.message.in_reply_to]
    planned = PlannedReply(
        sender=sender_of(judged),
        kind=plan.kind.value,
        asked=asked_for(dump),
        thread=thread,
        conversation=judged.found.case.conversation if judged.found.case else None,
        text=storable_text(judged.reply.text),
        replaces=bool(judged.settled.changes or judged.settled.withdrawals),
    )
    exceeded = find_exceeded(planned)
    return f"budget_{exceeded}" if exceeded else ""
