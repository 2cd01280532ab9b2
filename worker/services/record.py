"""Record: the one transaction that writes a verdict and everything that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from registry.models import Registration
from rules.model import Field, Kind, Message, Outcome, Person, Verdict
from worker.models import Event, Mail, MailState, Reply, ReplyState
from worker.replies.compose import ComposedReply
from worker.services.bounces import link_bounce
from worker.services.budgets import PlannedReply, asked_for, find_exceeded
from worker.services.leases import finish
from worker.services.replying import Voice
from worker.services.storable import storable, storable_text

EVIDENT = ("full_name", "municipality", "pir", "county", "email", "modules")
ANSWERS = frozenset({Outcome.REPLY_MISSING, Outcome.REPLY_PASSWORD})


@dataclass(frozen=True, slots=True)
class Judged:
    """A mail thought through: `dump` is what the ledger keeps of the verdict, `reply` what would be sent."""

    message: Message
    verdict: Verdict
    dump: dict[str, Any]
    reply: ComposedReply | None


def record_verdict(mail: Mail, token: UUID, judged: Judged, voice: Voice) -> None:
    """Write verdict, registrations, at most one reply and the events. Raises ClaimLost; must run in a transaction."""
    message, verdict = judged.message, judged.verdict
    sender = storable_text(message.from_[0].address if message.from_ else "", 320).lower()
    dump = storable(judged.dump)
    withheld = _why_withheld(mail, sender, judged, dump, voice)
    outcomes = set(verdict.outcomes)
    if withheld and verdict.reply and mail.answerable and voice.mode != "off":
        outcomes = (outcomes - ANSWERS) | {Outcome.REVIEW}
    finish(
        Mail.objects.filter(pk=mail.pk, lease_token=token, state=MailState.STORED),
        state=MailState.DECIDED,
        kind=verdict.kind.value,
        outcomes=sorted(outcome.value for outcome in outcomes),
        verdict=dump,
        rules_version=verdict.rules_version[:80],
        subject=storable_text(message.subject, 500),
        sender=sender,
        decided_at=Now(),
        next_attempt_at=Now(),
        attempts=0,
        trace="",
    )
    Event.objects.create(
        verb="decided", mail=mail, details={"kind": verdict.kind.value, "reason": verdict.reason, "withheld": withheld}
    )
    if mail.twin_of is None or mail.twin_of.state == MailState.FAILED:
        _write_registrations(mail, verdict, dump)
    if judged.reply is not None and not withheld:
        _write_reply(mail, verdict, judged.reply, voice)
    if verdict.kind is Kind.AUTOMATIC:
        link_bounce(mail, message.content_types)


def _why_withheld(mail: Mail, sender: str, judged: Judged, dump: dict[str, Any], voice: Voice) -> str:
    """Why the reply that the verdict plans is not written; "" where it is, or where none is planned."""
    plan = judged.verdict.reply
    if plan is None:
        return ""
    if not mail.answerable:
        return "twin" if mail.twin_of_id else "before_since"
    if voice.mode == "off":
        return "replies_off"
    if judged.reply is None:
        return "no_address"
    thread = [*judged.message.references, *judged.message.in_reply_to]
    exceeded = find_exceeded(PlannedReply(sender, plan.kind.value, asked_for(dump), thread))
    return f"budget_{exceeded}" if exceeded else ""


def _write_reply(mail: Mail, verdict: Verdict, composed: ComposedReply, voice: Voice) -> None:
    assert verdict.reply is not None
    reply = Reply.objects.create(
        mail=mail,
        kind=verdict.reply.kind.value,
        state=ReplyState.QUEUED if voice.mode == "on" else ReplyState.DRAFT,
        message_id=composed.message_id,
        envelope_from=voice.address,
        recipients=[*composed.to, *composed.cc],
        subject=storable_text(composed.subject, 500),
        text=storable_text(composed.text),
        data=composed.data,
    )
    Event.objects.create(verb="reply_written", mail=mail, reply=reply, details={"kind": reply.kind})


def _write_registrations(mail: Mail, verdict: Verdict, dump: dict[str, Any]) -> None:
    known = set(mail.registrations.values_list("position", flat=True))  # a mail taken back from quarantine
    dumped = dump.get("people", [])
    rows = [
        _registration(mail, verdict, position, dumped[position] if position < len(dumped) else {})
        for position in range(len(verdict.people))
        if position not in known
    ]
    Registration.objects.bulk_create(rows)


def _registration(mail: Mail, verdict: Verdict, position: int, dumped: dict[str, Any]) -> Registration:
    person: Person = verdict.people[position]
    jegyzo = verdict.jegyzo
    return Registration(
        mail=mail,
        position=position,
        status=person.status.value,
        full_name=_value(person.full_name, 200),
        municipality=_value(person.municipality, 200),
        pir=_value(person.pir, 6),
        county=_value(person.county, 60),
        email=_value(person.email, 320),
        modules=" ".join(module.value for module in person.modules),
        jegyzo_status=jegyzo.status.value if jegyzo else "",
        jegyzo_address=storable_text(jegyzo.address, 320) if jegyzo else "",
        problems=[problem.value for problem in person.problems],
        notes=[note.value for note in person.notes],
        evidence={name: dumped[name] for name in EVIDENT if dumped.get(name)},
        suggestions=storable(dict(person.suggestions)),
    )


def _value(field: Field[str] | None, length: int) -> str:
    return storable_text(field.value, length) if field else ""
