"""Made-up messages, people and verdicts for the tests of the replies, and a catalogue of the real size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from rules.catalogue import Catalogue, Module
from rules.model import (
    Address,
    Field,
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

OWN_ADDRESS = "aspoktatas@allamkincstar.gov.hu"
WRITER = Address("Kovácsné Nagy Éva", "nagyeva72@posta.example")
CLERK = Address("dr. Minta Béla jegyző", "jegyzo@mintafalu.example")
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SHORT_NAMES = ("Irat - Iktató", "ADÓ", "Gazdálkodás - VIR, ETRIUSZ", *(f"Próba {number}" for number in range(18)))
CATALOGUE = Catalogue(
    version="test",
    modules=tuple(
        Module(
            f"PM-{1000 + number}-2105-BS", name, f"Az önkormányzati {name} szakrendszer használata a dolgozók számára"
        )
        for number, name in enumerate(SHORT_NAMES)
    ),
    counties={},
    settlements={},
    given_names=frozenset({"eva", "anna", "bela", "janos", "laszlo"}),
)
PEOPLE = (
    ("Kovácsné Nagy Éva", WRITER.address),
    ("Szabó Béla", "szabob@posta.example"),
    ("Tóth Anna", "anni@posta.example"),
)
GIVEN = {
    Problem.PIR_INVALID: {"pir": Field("740001")},
    Problem.COUNTY_MISMATCH: {"county": Field("Heves")},
    Problem.EMAIL_INVALID: {"email": Field("nagyeva@posta.exmaple")},
    Problem.EMAIL_NOT_PERSONAL: {"email": Field("penzugy@mintafalu.example")},
    Problem.EMAIL_SHARED: {"email": Field("kozos@mintafalu.example")},
    Problem.MODULES_UNKNOWN: {"modules": (), "unknown_modules": (Field("ügyeleti napló"),)},
    Problem.FULL_NAME_MISSING: {"full_name": None},
    Problem.MUNICIPALITY_MISSING: {"municipality": None},
    Problem.PIR_MISSING: {"pir": None},
    Problem.COUNTY_MISSING: {"county": None},
    Problem.EMAIL_MISSING: {"email": None},
    Problem.MODULES_MISSING: {"modules": ()},
}
SUGGESTIONS = {
    Problem.PIR_INVALID: "740009",
    Problem.COUNTY_MISMATCH: "Zala",
    Problem.EMAIL_INVALID: "nagyeva@posta.example",
    Problem.MODULES_UNKNOWN: "Irat - Iktató; ADÓ",
}


def message_of(sender: Address = WRITER, subject: str = "Regisztráció – Mintafalu", **changes: object) -> Message:
    """A mail of which only the envelope matters here."""
    base = Message(
        message_id="<eredeti.1@posta.example>",
        subject=subject,
        from_=(sender,),
        reply_to=(),
        to=(Address("", OWN_ADDRESS),),
        cc=(),
        date=NOON,
        in_reply_to=(),
        references=(),
        headers=(),
        content_types=("text/plain",),
        parts=(),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def person_of(problems: Iterable[Problem] = (), index: int = 0, *, suggested: bool = True, **changes: object) -> Person:
    """The `index`-th made-up person with `problems`, the values as such a mail would leave them."""
    words = tuple(problems)
    name, email = PEOPLE[index]
    person = Person(
        full_name=Field(name),
        municipality=Field("Mintafalu"),
        pir=Field("740009"),
        county=Field("Zala"),
        email=Field(email),
        modules=(Field("PM-1000-2105-BS"), Field("PM-1001-2105-BS")),
        status=Status.INCOMPLETE if words else Status.READY,
        problems=words,
        suggestions={word: SUGGESTIONS[word] for word in words if word in SUGGESTIONS} if suggested else {},
    )
    for word in words:
        person = replace(person, **GIVEN.get(word, {}))  # type: ignore[arg-type]
    return replace(person, **changes)  # type: ignore[arg-type]


def verdict_of(*people: Person, kind: ReplyKind = ReplyKind.MISSING, cc: tuple[Address, ...] = ()) -> Verdict:
    """A verdict that plans a reply about `people` to the writer."""
    return Verdict(
        kind=Kind.PASSWORD if kind is ReplyKind.PASSWORD else Kind.REGISTRATION,
        outcomes=frozenset({Outcome.REPLY_PASSWORD if kind is ReplyKind.PASSWORD else Outcome.REPLY_MISSING}),
        reason="test",
        people=people,
        reply=ReplyPlan(kind, (WRITER,), cc),
    )
