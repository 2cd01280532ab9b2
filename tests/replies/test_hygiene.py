"""What of a stranger's mail a reply repeats, and what never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Field, Person, Problem, Status
from tests.replies.proof import check_well_formed
from tests.replies.samples import CATALOGUE, OWN_ADDRESS, message_of, person_of, verdict_of
from worker.replies.compose import ComposedReply, compose_reply
from worker.replies.facts import PEOPLE_LIMIT
from worker.replies.hygiene import address, header_address, mistyped_address, number, phrase


def letter(*people: Person) -> ComposedReply:
    return compose_reply(message_of(), verdict_of(*people), CATALOGUE, own_address=OWN_ADDRESS)


PHRASES = [
    ("Kovácsné  Nagy\tÉva", "Kovácsné Nagy Éva"),
    ("dr.Minta Béla", "dr. Minta Béla"),
    ("Sz. Nagy-Kiss Éva (Évi)", "Sz. Nagy-Kiss Éva (Évi)"),
    ("Nyerjen! https://rossz.example/x most", "Nyerjen most"),
    ("www.rossz.example oldal", "oldal"),
    ("rossz.example", "rossz. example"),
    ("<b>Éva</b>", "b Éva /b"),
    ("{{ kulcs }}{% x %}", "kulcs x"),
    ("Éva\r\nBcc: x", "Éva Bcc x"),
    ("\u202eavÉ\u200b", "avÉ"),
    ("_" * 5, ""),
]


@pytest.mark.parametrize(("given_text", "expected"), PHRASES, ids=[repr(row[0]) for row in PHRASES])
def test_phrases_lose_what_clients_would_act_on(given_text: str, expected: str) -> None:
    assert phrase(given_text) == expected


@given(st.text())
def test_a_phrase_is_one_short_plain_line(text: str) -> None:
    clean = phrase(text)
    assert len(clean) <= 60
    assert not set(clean) & set('<>{}%@"\\_\r\n\x00\u202e')
    assert "://" not in clean
    assert phrase(clean) == clean or clean.endswith("…")


@pytest.mark.parametrize("text", ["740009", "740 009", "15740001-2-41"])
def test_numbers_are_repeated(text: str) -> None:
    assert number(text) == text


@pytest.mark.parametrize("text", ["", "7400O9", "1; DROP TABLE", "9" * 21])
def test_what_is_no_number_is_not_repeated_as_one(text: str) -> None:
    assert number(text).rstrip("…") != text or not text


@pytest.mark.parametrize("text", ["penzugy@mintafalu.example", "kovács.éva@posta.example", "a+b@x"])
def test_addresses_are_repeated(text: str) -> None:
    assert address(text) == text


@pytest.mark.parametrize("text", ["https://x/@y", "a b@x", "a@x\n", "<a@x>", "a" * 65 + "@x", "nincs"])
def test_what_is_no_address_is_not_repeated(text: str) -> None:
    assert address(text) == ""


@pytest.mark.parametrize("text", ["eva@posta,hu", "eva(kukac)posta.example", "eva posta.example", "eva@@posta"])
def test_mistyped_addresses_are_repeated_so_that_the_slip_is_seen(text: str) -> None:
    assert mistyped_address(text) == text


@pytest.mark.parametrize("text", ["https://x", "www.x.example eva@x", "<eva@x>", "{{ x }}@y", "a" * 71, ""])
def test_what_is_more_than_a_slip_is_not_repeated(text: str) -> None:
    assert mistyped_address(text) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eva@posta.example", "eva@posta.example"),
        ("eva@önkormányzat.example", "eva@xn--nkormnyzat-w4a0w.example"),
        ("éva@posta.example", ""),
        ("eva@posta.example\r\nBcc: x@y", ""),
        ("eva@", ""),
        ("a@b@c", ""),
    ],
)
def test_header_addresses_are_ascii_or_nothing(text: str, expected: str) -> None:
    assert header_address(text) == expected


def test_hostile_values_leave_the_letter_sound() -> None:
    evil = "{{ 7*7 }}<img src=x onerror=alert(1)>\r\nX: https://rossz.example/"
    person = person_of(
        (Problem.PIR_INVALID, Problem.COUNTY_MISMATCH, Problem.EMAIL_INVALID, Problem.MODULES_UNKNOWN),
        full_name=Field(evil),
        municipality=Field(evil * 9),
        pir=Field(evil),
        county=Field(evil),
        email=Field(evil),
        unknown_modules=(Field(evil),) * 9,
        suggestions=dict.fromkeys(Problem, evil),
    )
    reply = letter(person)
    check_well_formed(reply)
    for piece in ("rossz.example", "<img", "49", "onerror=", "{{"):
        assert piece not in reply.text
        assert piece not in reply.html


def test_a_mail_with_thousands_of_people_gets_a_letter_of_bounded_size() -> None:
    reply = letter(*(person_of((Problem.PIR_MISSING,), full_name=Field(f"Próba {n}")) for n in range(3000)))
    assert f"{PEOPLE_LIMIT}. személy" in reply.text
    assert f"{PEOPLE_LIMIT + 1}. személy" not in reply.text
    assert f"A levél további {3000 - PEOPLE_LIMIT} személy hiányos adatait" in " ".join(reply.text.split())
    assert len(reply.data) < 60_000


def test_a_person_of_whom_nothing_is_known() -> None:
    words = tuple(word for word in Problem if word.endswith("_missing"))
    reply = letter(Person(status=Status.INCOMPLETE, problems=words))
    check_well_formed(reply)
    assert "a saját szavaival" in " ".join(reply.text.split())
    assert "megértettünk" not in reply.text
