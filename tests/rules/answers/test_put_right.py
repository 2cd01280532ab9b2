"""Values put right: by the requester of a whole request, and those that are named only to say that they are wrong."""

from __future__ import annotations

from functools import cache

import pytest

from rules.model import Kind, Note, Person, Status, Verdict
from tests.rules.answers.conversation import Case, follow_up, open_case, ready_case, value

CLERK = "Kis Tamás jegyző <jegyzo@letenye.example>"
FIRST = (
    "Név: Fazekas Tímea\nMunkahely: Letenye Város Önkormányzata\nPIR: 740009\nMegye: Zala\n"
    "E-mail: fazekas.timea76@posta.example\nTananyag: Irat teljes"
)
SENDER = "Fazekas Tímea <iktato@letenye.example>"


@cache
def whole() -> Case:
    """A request that lacks nothing."""
    return ready_case(FIRST, sender=SENDER, cc=CLERK)


PIR_PUT_RIGHT = [
    "Bocsánat, elírtam két dolgot. A PIR számunk helyesen 741116 (nem 740009), az e-mail címem pedig jó.",
    "Elírtam a PIR-t: 740009 helyett 741116.",
    "Rossz PIR-t írtam: 740009. A jó: 741116.",
    "Helyesbítés: PIR 741116",
    "PIR: 740009 -> 741116",
    "Az előző levelemben szereplő 740009 rossz, 741116 a jó szám.",
    "Javítom magam: 741116 a PIR-ünk, nem pedig 740009.",
    "Elnézést, véletlenül a régi PIR-t adtam meg (740009), az új 741116.",
    "741116 a helyes PIR a 740009 helyett!",
    "Pontosítás: a PIR nem 740009, hanem 741116.",
    "Új PIR-ünk van: 741116 (a régi 740009 volt).",
    "Elütöttem a PIR számot, 741116 akart lenni.",
]


@pytest.mark.parametrize("text", PIR_PUT_RIGHT)
def test_a_number_put_right(text: str) -> None:
    person = only(follow_up(whole(), text))
    assert (value(person.pir), person.status) == ("741116", Status.READY)
    assert value(person.municipality) == "Letenye"


EMAIL_PUT_RIGHT = [
    "Az e-mail címem pedig fazekas.timea78@posta.example, nem 76, bocsánat, elírtam.",
    "Tévesen adtam meg a fazekas.timea76@posta.example címet, a helyes: fazekas.timea78@posta.example.",
    "Az e-mail címem helyesen fazekas.timea78@posta.example (a 76-os már nem él).",
    "A címem fazekas.timea78@posta.example, nem fazekas.timea76@posta.example, elnézést.",
    "fazekas.timea76@posta.example helyett fazekas.timea78@posta.example",
    "Az előbb megadott fazekas.timea76@posta.example cím hibás, helyesen: fazekas.timea78@posta.example",
]


@pytest.mark.parametrize("text", EMAIL_PUT_RIGHT)
def test_an_address_put_right(text: str) -> None:
    person = only(follow_up(whole(), text))
    assert (value(person.email), person.status) == ("fazekas.timea78@posta.example", Status.READY)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A nevem helyesen Fazekasné Tímea Réka.", "Fazekasné Tímea Réka"),
        ("Elírtam a nevemet: Fazekas Tünde, nem Tímea.", "Fazekas Tünde"),
        ("Időközben férjhez mentem, a nevem szombat óta Vassné Fazekas Tímea.", "Vassné Fazekas Tímea"),
        ("Névváltozás: mától Vass-Fazekas Tímea vagyok.", "Vass-Fazekas Tímea"),
        ("A nevem megváltozott: Vass Tímea lett.", "Vass Tímea"),
        ("Kérem, hogy a Vassné Fazekas Tímea néven regisztráljanak.", "Vassné Fazekas Tímea"),
        ("Az új nevem Vass Jánosné Fazekas Tímea.", "Vass Jánosné Fazekas Tímea"),
    ],
)
def test_a_name_put_right(text: str, name: str) -> None:
    person = only(follow_up(whole(), text))
    assert (value(person.full_name), person.status) == (name, Status.READY)


def test_another_place_takes_its_county_along() -> None:
    first = FIRST.replace("Letenye", "Tab").replace("Zala", "Somogy")
    person = only(follow_up(ready_case(first, sender=SENDER, cc=CLERK), "Bocsánat, a település helyesen Letenye."))
    assert (value(person.municipality), value(person.county), person.status) == ("Letenye", "Zala", Status.READY)


def test_a_contradiction_is_no_correction() -> None:
    person = only(follow_up(whole(), "PIR: 741116"))
    assert (value(person.pir), person.status) == ("740009", Status.REVIEW)
    assert Note.ANSWER_CONTRADICTS in person.notes


@pytest.mark.parametrize("text", ["A PIR utolsó számjegye 6, nem 9.", "Csak szólok: a Lenti hivatalé 741116."])
def test_what_gives_no_whole_value_goes_to_staff(text: str) -> None:
    assert follow_up(whole(), text).kind is Kind.OTHER


MISMATCH = FIRST.replace("Letenye", "Bogács").replace("Zala", "Heves").replace("76@", "@")


@cache
def mismatch() -> Case:
    """A county that does not fit the settlement."""
    return open_case(MISMATCH, sender=SENDER, cc=CLERK)


COUNTY_SETTLED = [
    "Borsod, elnézést. Eger közelebb van, de a megye Borsod-Abaúj-Zemplén.",
    "Bogács Borsod megyében van, nem Hevesben, elírtam.",
    "A megye helyesen Borsod-Abaúj-Zemplén, Egerhez közel vagyunk, azért kevertem.",
    "BAZ",
    "borsod megye, bocsi",
    "Borsod-Abaúj-Zemplén vármegye. (Mezőkövesd mellett.)",
    "Igaz, Bogács BAZ megye. Köszönöm, hogy szóltak! Egerben lakom, ezért írtam Hevest.",
    "Nem Heves, hanem Borsod.",
    "Nem jó a megye, Miskolc a megyeszékhelyünk, tehát Borsod-Abaúj-Zemplén a megyénk.",
    "Megye: Borsod-Abaúj-Zemplén\nTelepülés: Bogács",
    "Igen, Borsod.",
]
PLACE_SETTLED = [
    ("Elnézést, Egerben dolgozom, nem Bogácson, a megye jó.", "Eger"),
    ("A település a rossz: Eger.", "Eger"),
    ("Eger", "Eger"),
    ("A vármegye stimmel, a település helyesen Egerszalók.", "Egerszalók"),
    ("Heves a jó, a munkahelyem Egerszalókon van.", "Egerszalók"),
    ("Önkormányzat: Eger Megyei Jogú Város Önkormányzata", "Eger"),
]


@pytest.mark.parametrize(("text", "place"), [*((text, "Bogács") for text in COUNTY_SETTLED), *PLACE_SETTLED])
def test_county_or_place(text: str, place: str) -> None:
    person = only(follow_up(mismatch(), text))
    county = "Borsod-Abaúj-Zemplén" if place == "Bogács" else "Heves"
    assert (value(person.municipality), value(person.county), person.status) == (place, county, Status.READY)


@pytest.mark.parametrize(
    "text",
    ["Elírtam a PIR-t, helyesen 741116. Szombathelyen voltam tegnap.", "PIR helyesen 741116, Szombathelyről írok."],
)
def test_a_correction_of_one_thing_moves_nobody(text: str) -> None:
    person = only(follow_up(whole(), text))
    assert (value(person.municipality), value(person.pir)) == ("Letenye", "741116")


def only(verdict: Verdict) -> Person:
    """The one person of the verdict."""
    (person,) = verdict.people
    return person
