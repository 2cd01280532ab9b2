"""Stand-ins for intake and rules: a mail's subject says what it is, so that a test of the machine tests the machine."""

from __future__ import annotations

from email import message_from_bytes
from email.utils import getaddresses
from typing import Any

from rules.catalogue import Catalogue
from rules.model import (
    Address,
    Context,
    Field,
    Jegyzo,
    JegyzoStatus,
    Kind,
    Message,
    Outcome,
    Person,
    Problem,
    ReplyKind,
    ReplyPlan,
    Status,
    Verdict,
)
from worker.services.thinking import Thinking

CATALOGUE = Catalogue(version="test", modules=(), counties={}, settlements={})


def parse(raw: bytes) -> Message:
    """Just enough of a Message; a mail that says "robban" makes it raise."""
    if b"robban" in raw:
        raise ValueError("this mail cannot be parsed")
    mail = message_from_bytes(raw)
    addresses = tuple(Address(name, address.lower()) for name, address in getaddresses([mail.get("From", "")]))
    references = tuple(mail.get("References", "").split())
    return Message(
        message_id=mail.get("Message-ID", ""),
        subject=mail.get("Subject", ""),
        from_=addresses,
        reply_to=(),
        to=(),
        cc=(),
        date=None,
        in_reply_to=(),
        references=references,
        headers=(),
        content_types=(mail.get_content_type(),),
        parts=(),
    )


def decide(message: Message, catalogue: Catalogue, context: Context) -> Verdict:
    """The verdict that the first word of the subject names."""
    word = message.subject.split()[0] if message.subject.split() else ""
    if word == "hianyos":
        person = Person(full_name=Field("Minta Éva"), status=Status.INCOMPLETE, problems=(Problem.PIR_MISSING,))
        plan = ReplyPlan(ReplyKind.MISSING, message.from_)
        return Verdict(Kind.REGISTRATION, frozenset({Outcome.REPLY_MISSING}), "test", _jegyzo(), (person,), plan)
    if word == "teljes":
        return Verdict(Kind.REGISTRATION, frozenset({Outcome.ROUTE}), "test", _jegyzo(), (_complete(message),))
    if word == "jelszo":
        plan = ReplyPlan(ReplyKind.PASSWORD, message.from_)
        return Verdict(Kind.PASSWORD, frozenset({Outcome.REPLY_PASSWORD}), "test", reply=plan)
    if word == "automata":
        return Verdict(Kind.AUTOMATIC, frozenset({Outcome.IGNORE}), "test")
    return Verdict(Kind.OTHER, frozenset({Outcome.REVIEW}), "test")


def _jegyzo() -> Jegyzo:
    return Jegyzo(JegyzoStatus.STATED, "jegyzo@mintafalu.example")


def _complete(message: Message) -> Person:
    """The sender's own request."""
    [sender] = message.from_
    return Person(
        full_name=Field(sender.name),
        municipality=Field("Mintafalu"),
        pir=Field("740009"),
        county=Field("Pest"),
        email=Field(sender.address),
        modules=(Field("PM-2773-2105-BS"),),
        status=Status.READY,
    )


def dump(verdict: Verdict) -> dict[str, Any]:
    """A little of what the product keeps."""
    people = [
        {
            "full_name": {"value": person.full_name.value} if person.full_name else None,
            "problems": list(person.problems),
        }
        for person in verdict.people
    ]
    return {"kind": verdict.kind.value, "people": people}


THINKING = Thinking(parse, decide, dump, CATALOGUE)


def make_mail(subject: str, number: int | str = 1, **headers: str) -> bytes:
    """A small mail; every `number` has its own sender and Message-ID."""
    fields = {
        "From": f"Minta Éva {number} <minta.eva{number}@falu{number}.example>",
        "To": "aspoktatas@allamkincstar.gov.hu",
        "Message-ID": f"<{number}@mintafalu.example>",
        "Subject": subject,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    return "\r\n".join([*lines, "", f"Tisztelt Kincstár! {number}", ""]).encode()
