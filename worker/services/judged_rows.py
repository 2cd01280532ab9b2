"""What the ledger keeps of a judgement, as rows and columns yet to be written. Reads and writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from registry.identity import identity
from registry.models import Registration
from rules.model import Field, Outcome, Person, Verdict
from worker.models import Event, Mail, MailState, Reply
from worker.services.judgement import Judged
from worker.services.leases import RELEASED
from worker.services.outbox import MAYBE_SENT, in_outbox
from worker.services.prepared import PreparedUpdate
from worker.services.replying import Voice
from worker.services.storable import storable, storable_text

LETTERS = frozenset({Outcome.REPLY_MISSING, Outcome.REPLY_PASSWORD})
EVIDENT = ("full_name", "municipality", "pir", "county", "email", "modules", "unknown_modules")
LENGTHS = {"full_name": 200, "municipality": 200, "pir": 6, "county": 60, "email": 320}
DECIDED: dict[str, Any] = {
    "state": MailState.DECIDED,
    "decided_at": Now(),
    "next_attempt_at": Now(),
    "attempts": 0,
    "trace": "",
}
VERDICT = PreparedUpdate(
    Mail,
    where=("pk", "lease_token"),
    fixed={"state": MailState.STORED},
    given=(
        *("kind", "outcomes", "problems", "verdict", "rules_version"),
        *("subject", "sender", "conversation", "linked_by"),
    ),
    **DECIDED,
    **RELEASED,
)


def sender_of(judged: Judged) -> str:
    """The writer's address in small letters; "" where the mail names none."""
    from_ = judged.message.from_
    return storable_text(from_[0].address if from_ else "", 320).lower()


def why_unwritten(mail: Mail, judged: Judged, voice: Voice) -> str:
    """Why the reply that the verdict plans is not written, but for what the ledger says; "" where it may be.

    Where none is planned: why a person must see the mail.
    """
    if judged.settled.verdict.reply is None:
        return judged.settled.staff
    if not mail.answerable:
        return "twin" if mail.twin_of_id else "before_since"
    if voice.mode == "off":
        return "replies_off"
    return "no_address" if judged.reply is None else ""


def verdict_columns(mail: Mail, judged: Judged, withheld: str, voice: Voice) -> dict[str, Any]:
    """The columns that VERDICT writes, but its conversation."""
    verdict = judged.settled.verdict
    outcomes = set(verdict.outcomes)
    if withheld and verdict.reply and mail.answerable and voice.mode != "off":
        outcomes = (outcomes - LETTERS) | {Outcome.REVIEW}
    return {
        "kind": verdict.kind.value,
        "outcomes": sorted(outcome.value for outcome in outcomes),
        "problems": [problem for person in judged.dump.get("people", ()) for problem in person.get("problems", ())],
        "verdict": judged.stored,
        "rules_version": verdict.rules_version[:80],
        "subject": storable_text(judged.message.subject, 500),
        "sender": sender_of(judged),
    }


def decided_event(mail: Mail, judged: Judged, withheld: str) -> Event:
    """That the mail was decided, and what held its reply back."""
    verdict = judged.settled.verdict
    details = {"kind": verdict.kind.value, "reason": verdict.reason, "withheld": withheld}
    return Event(verb="decided", mail=mail, details=details)


def request_row(mail: Mail, position: int, person: Person, verdict: Verdict, fields: dict[str, Any]) -> Registration:
    """The request of `person`, of whom the ledger holds `fields`."""
    evidence = {name: fields[name] for name in EVIDENT if fields.get(name)}
    values = request_columns(person, verdict)
    values["identity"] = identity(values["pir"], values["full_name"])
    return Registration(mail=mail, position=position, evidence=evidence, **values)


def request_columns(person: Person, verdict: Verdict) -> dict[str, Any]:
    """The columns of a request, but its evidence."""
    jegyzo = verdict.jegyzo
    return {
        **{name: _value(getattr(person, name), length) for name, length in LENGTHS.items()},
        "status": person.status.value,
        "modules": " ".join(module.value for module in person.modules),
        "jegyzo_status": jegyzo.status.value if jegyzo else "",
        "jegyzo_address": storable_text(jegyzo.address, 320) if jegyzo else "",
        "problems": [problem.value for problem in person.problems],
        "notes": [note.value for note in person.notes],
        "suggestions": storable(dict(person.suggestions)),
    }


def reply_row(mail: Mail, judged: Judged, voice: Voice, restored: datetime | None) -> Reply:
    """Queued, or a draft; of a mail that came before a backup was put back uncertain: it may have gone out then.

    `restored` is when that was (worker.services.controls.restored_at).
    """
    plan = judged.settled.verdict.reply
    assert plan is not None
    assert judged.reply is not None
    before = restored is not None and mail.received_at < restored
    columns = MAYBE_SENT if before else {"state": voice.first_state}
    return in_outbox(mail, plan.kind.value, judged.reply, voice.address, **columns)


def written_event(mail: Mail, reply: Reply) -> Event:
    """That the reply was written."""
    return Event(verb="reply_written", mail=mail, reply=reply, details={"kind": reply.kind})


def _value(field: Field[str] | None, length: int) -> str:
    return storable_text(field.value, length) if field else ""
