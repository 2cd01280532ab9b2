"""Who is greeted by name: only those whose full name is certain."""

from __future__ import annotations

import pytest

from rules.model import Address, Field, Origin, Person, Problem, ReplyKind
from tests.replies.samples import CATALOGUE, OWN_ADDRESS, WRITER, message_of, person_of, verdict_of
from worker.replies.compose import compose_reply
from worker.replies.greeting import writer_name

UNKNOWN = ""
DISPLAY_NAMES = [
    ("Kovácsné Nagy Éva", "Kovácsné Nagy Éva"),
    ("KOVÁCS ÉVA", "Kovács Éva"),
    ("kovacs eva", UNKNOWN),
    ("Kovács Jánosné", "Kovács Jánosné"),
    ("dr. Minta Béla", "Dr. Minta Béla"),
    ("Dr. Minta-Kis Béla", "Dr. Minta-Kis Béla"),
    ("Pékné dr. Csefkó Anna", "Pékné dr. Csefkó Anna"),
    ("Éva Kovács", UNKNOWN),
    ("László Béla", UNKNOWN),
    ("Éva", UNKNOWN),
    ("", UNKNOWN),
    ("Mintafalu Község Önkormányzata", UNKNOWN),
    ("Pénzügy - Kovács Éva <x>", UNKNOWN),
    ("kovacs.eva@posta.example", UNKNOWN),
    ("Kovács Éva 2", UNKNOWN),
]


@pytest.mark.parametrize(("name", "expected"), DISPLAY_NAMES)
def test_the_display_name(name: str, expected: str) -> None:
    message = message_of(Address(name, "iroda@mintafalu.example"))
    assert writer_name(message, (), CATALOGUE) == expected


OTHER = Field("Próba Piroska")
REQUESTS: list[tuple[str, Person, str]] = [
    ("", person_of((Problem.PIR_MISSING,)), "Kovácsné Nagy Éva"),
    ("Nagy Évi", person_of((Problem.PIR_MISSING,)), "Kovácsné Nagy Éva"),
    ("dr. Kovácsné Nagy Éva", person_of((Problem.PIR_MISSING,)), "Dr. Kovácsné Nagy Éva"),
    ("Szabó Béla", person_of((Problem.PIR_MISSING,)), UNKNOWN),
    ("Szabó Béla", person_of((Problem.PIR_MISSING,), 2), "Szabó Béla"),
    ("", person_of((Problem.PIR_MISSING,), 2), UNKNOWN),
    ("", person_of((Problem.EMAIL_NOT_PERSONAL,), email=Field(WRITER.address)), UNKNOWN),
    ("", person_of((Problem.FULL_NAME_MISSING,), full_name=Field("Évi")), UNKNOWN),
    ("", person_of((Problem.PIR_MISSING,), full_name=Field("Kovács Éva", certainty=0.4)), UNKNOWN),
    (
        "",
        person_of((Problem.PIR_MISSING,), full_name=OTHER, email=Field("x@y.example", origin=Origin.SENDER)),
        OTHER.value,
    ),
]


@pytest.mark.parametrize(("display_name", "person", "expected"), REQUESTS)
def test_the_own_request(display_name: str, person: Person, expected: str) -> None:
    message = message_of(Address(display_name, WRITER.address))
    assert writer_name(message, (person,), CATALOGUE) == expected


def test_the_uncertain_are_greeted_as_applicants() -> None:
    verdict = verdict_of(kind=ReplyKind.PASSWORD)
    reply = compose_reply(message_of(Address("", "x@y.example")), verdict, CATALOGUE, own_address=OWN_ADDRESS)
    assert reply.text.startswith("Tisztelt Kérelmező!\n")
    assert "<p>Tisztelt Kérelmező!</p>" in reply.html
