"""Answers about several people: one taken back, another in his place, lists for a case without names, "ugyanaz"."""

from __future__ import annotations

from functools import cache

import pytest

from rules.model import Kind, Note, Outcome, Problem, Status, Verdict
from tests.rules.answers.cases import case_of
from tests.rules.answers.conversation import Case, answer, open_case, told, value

CLERK = "Kis Tamás jegyző <jegyzo@letenye.example>"
SENDER = "Hegedűs Judit <hegedus.judit@posta.example>"
ADO, IKTATO, IRAT, PENZTAR = "PM-2777-2105-BS", "PM-2773-2105-BS", "PM-2770-2105-BS", "PM-2758-2103-BS"
GERGO, DORA, IVETT = "Bakos Gergő", "Simon Dóra", "Kelemen Ivett"


@cache
def pair() -> Case:
    """Two people who lack their PIR."""
    text = (
        "Az alábbi két kolléga regisztrálását kérem a Gazdálkodás - Pénztár tananyaghoz (Letenye Város "
        f"Önkormányzata, Zala vármegye):\n1. {GERGO}, bakos.gergo@posta.example\n2. {DORA}, simon.dora@posta.example"
        "\n\nHegedűs Judit"
    )
    return open_case(text, sender=SENDER, cc=CLERK)


ONE_TAKEN_BACK = [
    "Az önkormányzat PIR száma: 740009.\nSimon Dóra regisztrációját közben mégsem kérjük, mert december 1-jétől elmegy "
    "tőlünk. Bakos Gergőé marad.",
    "PIR: 740009. Simon Dóra közben felmondott, az ő kérelme tárgytalan.",
    "740009\nDóra mégsem kéri.",
    "Dóra kérelmét visszavonjuk, a PIR 740009.",
    "Simon Dóra már nem dolgozik nálunk. Bakos Gergő PIR-je 740009.",
    "PIR: 740009\n\nSimon Dóra visszalépett.\n\nÜdvözlettel:\nHegedűs Judit",
    "Gergőnél a PIR 740009. Dórának már van hozzáférése, az övére nincs szükség.",
    "Az önkormányzat PIR-je 740009, és Simon Dóra regisztrációjától eltekintünk.",
    "Simon Dóra mégsem kéri, Bakos Gergőnek a PIR 740009",
    "PIR: 740009. Simon Dóra regisztrációját mégsem kérjük, Bakos Gergőé marad.",
    "PIR: 740009. Bakos Gergőét továbbra is kérjük, de Simon Dóra visszavonja a kérelmét.",
    "Bakos Gergőhöz: PIR 740009. Simon Dóráé tárgytalan, köszönjük.",
]


@pytest.mark.parametrize("text", ONE_TAKEN_BACK)
@pytest.mark.parametrize("bare", [False, True])
def test_one_is_taken_back_and_the_other_completed(text: str, bare: bool) -> None:
    verdict = answer(pair(), text, bare=bare)
    assert (verdict.kind, verdict.withdraws, verdict.continues) == (Kind.REGISTRATION, (1,), 2)
    assert verdict.reply is None
    gergo, dora = verdict.people
    assert (gergo.status, value(gergo.pir)) == (Status.READY, "740009")
    assert (dora.status, dora.problems, dora.pir) == (Status.REVIEW, (), None)


@pytest.mark.parametrize(
    "text",
    [
        "Bakos Gergő, Simon Dóra mégsem kéri.",
        "Bakos Gergő és Simon Dóra regisztrációját visszavonjuk, a PIR-t nem küldjük.",
        "Gergő mégsem kéri, Dóra sem kéri már.",
    ],
)
def test_both_are_taken_back(text: str) -> None:
    verdict = answer(pair(), text)
    assert (verdict.kind, verdict.withdraws) == (Kind.OTHER, (0, 1))


def test_what_is_still_missing_of_the_other_is_asked() -> None:
    verdict = answer(case_of("two emails"), "Szabó Anna mégsem kéri. A PIR jó.")
    assert (verdict.kind, verdict.withdraws) == (Kind.OTHER, (0,))
    verdict = answer(case_of("two emails"), "Szabó Anna mégsem kéri. Kiss Béla: info@lenti.example")
    assert told(verdict) == [("review",), ("incomplete", "email_not_personal")]
    assert verdict.outcomes == {Outcome.REPLY_MISSING, Outcome.REVIEW}


@pytest.mark.parametrize(
    "text",
    [
        "740009, Dóra visszavonta.",
        "Simon Dóra: mégsem\nBakos Gergő: 740009",
        "Csak Bakos Gergőt kérjük, Simon Dórát nem. PIR: 740009",
        "PIR 740009. Simon Dórát kérjük törölni a listáról.",
        "PIR: 740009. Dórát hagyjuk ki.",
    ],
)
def test_who_may_be_taken_back_is_for_a_person(text: str) -> None:
    verdict = answer(pair(), text)
    assert [person.status for person in verdict.people] == [Status.READY, Status.REVIEW]
    assert Note.ANSWER_CONTRADICTS in verdict.people[1].notes


@pytest.mark.parametrize(
    "text",
    [
        "Dóra e-mail címét tévedésből rosszul írtam, helyesen simond@posta.example. PIR: 740009",
        "PIR: 740009. Dóra ma nincs itt, de ez nála is jó.",
        "Gergő és Dóra PIR-je 740009. A korábbi számunk tárgytalan.",
        "Dóra mégsem a pénztárt kéri, hanem az iktatót. PIR: 740009",
    ],
)
def test_nobody_is_taken_back(text: str) -> None:
    verdict = answer(pair(), text)
    assert verdict.withdraws == ()
    assert told(verdict) == [("ready",), ("ready",)]


@pytest.mark.parametrize(
    "text",
    [
        "Simon Dóra helyett Kelemen Ivettet kérjük (kelemen.ivett@posta.example), a PIR 740009.",
        "Dóra helyett Kelemen Ivett jönne: kelemen.ivett@posta.example. PIR: 740009",
        "PIR: 740009. Mégsem Simon Dórát, hanem Kelemen Ivettet kérjük regisztrálni, kelemen.ivett@posta.example",
        "A PIR 740009.\nSimon Dóra helyett az új kollégánk, Kelemen Ivett kérné: kelemen.ivett@posta.example",
    ],
)
def test_somebody_in_anothers_place(text: str) -> None:
    verdict = answer(pair(), text)
    assert verdict.withdraws == (1,)
    assert [value(person.full_name) for person in verdict.people] == [GERGO, DORA, IVETT]
    assert [person.status for person in verdict.people] == [Status.READY, Status.REVIEW, Status.READY]
    ivett = verdict.people[2]
    assert (value(ivett.email), value(ivett.pir)) == ("kelemen.ivett@posta.example", "740009")
    assert [one.value for one in ivett.modules] == [PENZTAR]


@pytest.mark.parametrize(
    "text",
    [
        "Simon Dóra helyett én válaszolok, Kelemen Ivett. PIR: 740009",
        "Simon Dóra helyett Kelemen Ivett válaszol: 740009",
        "Dóra helyett Kelemen Ivett osztályvezető írja: a PIR 740009.",
        "Bakos Gergő helyett írok, mert szabadságon van. 740009. Kelemen Ivett",
    ],
)
def test_who_answers_in_anothers_place_is_not_asked_for(text: str) -> None:
    verdict = answer(pair(), text)
    assert (verdict.withdraws, told(verdict)) == ((), [("ready",), ("ready",)])


@cache
def nameless() -> Case:
    """Two colleagues without names."""
    text = "Két új kollégánk regisztrálását szeretnénk kérni. Letenye Város Önkormányzata.\n\nHegedűs Judit"
    return open_case(text, sender=SENDER, cc=CLERK)


@cache
def nameless_with_modules() -> Case:
    """A colleague without a name, for a module."""
    text = "Új kollégánk regisztrálását kérjük az adó tananyaghoz. Letenye Város Önkormányzata, PIR 740009."
    return open_case(text, sender=SENDER, cc=CLERK)


LISTS: list[tuple[str, list[set[str]]]] = [
    (
        "Bakos Gergő, bakos.gergo@posta.example, 740009, ADÓ\n"
        "Simon Dóra, simon.dora@posta.example, 740009, Irat teljes; Irat alkalmazásgazda",
        [{ADO}, {IRAT, "PM-2776-2105-BS"}],
    ),
    (
        "1. Bakos Gergő (bakos.gergo@posta.example): adó\n2. Simon Dóra (simon.dora@posta.example): iktató\n"
        "PIR: 740009",
        [{ADO}, {IKTATO}],
    ),
    (
        "PIR 740009. Bakos Gergő adót, Simon Dóra iktatót kér. "
        "E-mail: bakos.gergo@posta.example, simon.dora@posta.example",
        [{ADO}, {IKTATO}],
    ),
    (
        "Mindketten az adóhoz kérik: Bakos Gergő bakos.gergo@posta.example és Simon Dóra simon.dora@posta.example, "
        "PIR: 740009",
        [{ADO}, {ADO}],
    ),
    (
        "Bakos Gergő - bakos.gergo@posta.example - adó, iktató\nSimon Dóra - simon.dora@posta.example - ugyanaz\n"
        "PIR: 740009",
        [{ADO, IKTATO}, {ADO, IKTATO}],
    ),
    (
        "Név: Bakos Gergő\nE-mail: bakos.gergo@posta.example\nPIR: 740009\nSzakrendszer: adó\n\n"
        "Név: Simon Dóra\nE-mail: simon.dora@posta.example\nPIR: 740009\nSzakrendszer: KATI",
        [{ADO}, {"PM-2759-2103-BS"}],
    ),
]


@pytest.mark.parametrize("case", [nameless, nameless_with_modules], ids=["nothing known", "modules known"])
@pytest.mark.parametrize(("text", "modules"), LISTS)
def test_a_list_answers_for_people_without_names(case: object, text: str, modules: list[set[str]]) -> None:
    assert callable(case)
    verdict = answer(case(), text)
    assert [value(person.full_name) for person in verdict.people] == [GERGO, DORA]
    assert told(verdict) == [("ready",), ("ready",)]
    assert [{one.value for one in person.modules} for person in verdict.people] == modules


def test_who_works_elsewhere_has_nothing_of_the_cases_office() -> None:
    text = (
        "Bakos Gergő, bakos.gergo@posta.example, adó\n"
        "Simon Dóra, Önkormányzat: Lenti, PIR: 740373, simon.dora@posta.example, iktató"
    )
    verdict = answer(nameless_with_modules(), text)
    assert [value(person.pir) for person in verdict.people] == ["740009", "740373"]
    assert [value(person.municipality) for person in verdict.people] == ["Letenye", "Lenti"]


@cache
def without(what: str) -> Case:
    """Two people who lack their modules, or their settlement."""
    modules, place = {"modules": ("", "Lenti Város Önkormányzata, "), "place": ("adó tananyag, ", "")}[what]
    text = (
        f"Kérjük két kollégánk regisztrációját ({modules}{place}PIR 740373):\n"
        f"{GERGO}, bakos.gergo@posta.example\n{DORA}, simon.dora@posta.example"
    )
    return open_case(text, sender="titkarsag@posta.example", cc=CLERK)


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("adó", [{ADO}, {ADO}]),
        ("1. adó 2. iktató", [{ADO, IKTATO}, {ADO, IKTATO}]),
        ("Bakos Gergő: adó és iktató\nSimon Dóra: ugyanaz", [{ADO, IKTATO}, {ADO, IKTATO}]),
        ("Gergőnek adó, Dórának ugyanaz kellene.", [{ADO}, {ADO}]),
        ("Gergőnek adó. Dórának szintén.", [{ADO}, {ADO}]),
        ("Bakos Gergő adót kér, Simon Dóra dettó.", [{ADO}, {ADO}]),
        ("Gergő adó, Dóra iktató", [{ADO}, {IKTATO}]),
        ("Gergőnek: 1. adó 2. iktató; Dórának: iktató", [{ADO, IKTATO}, {IKTATO}]),
        ("mindketten az adót és az iktatót kérik", [{ADO, IKTATO}, {ADO, IKTATO}]),
        ("Gergőnek és Dórának is az adó kell.", [{ADO}, {ADO}]),
    ],
)
def test_modules_of_two(text: str, modules: list[set[str]]) -> None:
    verdict = answer(without("modules"), text)
    assert told(verdict) == [("ready",), ("ready",)]
    assert [{one.value for one in person.modules} for person in verdict.people] == modules


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Lenti", ["Lenti", "Lenti"]),
        ("Bakos Gergő: Lenti\nSimon Dóra: ugyanott", ["Lenti", "Lenti"]),
        ("Bakos Gergő: Lenti, Zala megye; Simon Dóra: ua.", ["Lenti", "Lenti"]),
        ("Mindketten Lentiben dolgoznak.", ["Lenti", "Lenti"]),
        ("Bakos Gergő Lenti, Simon Dóra Letenye", ["Lenti", "Letenye"]),
    ],
)
def test_places_of_two(text: str, places: list[str]) -> None:
    verdict = answer(without("place"), text)
    assert told(verdict) == [("ready",), ("ready",)]
    assert [value(person.municipality) for person in verdict.people] == places


def test_one_address_is_no_ditto() -> None:
    verdict = answer(case_of("two emails"), "Szabó Anna: szabo.anna@posta.example\nKiss Béla: ugyanaz")
    assert told(verdict) == [("ready",), ("incomplete", "email_missing")]


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("740009. Dóra mégsem a pénztárt kéri, hanem az iktatót.", [{PENZTAR}, {IKTATO}]),
        ("740009\nDórának a pénztár helyett az adó kellene.", [{PENZTAR}, {ADO}]),
        ("PIR: 740009. Bakos Gergőnek a pénztár mellé az iktató is kell.", [{PENZTAR, IKTATO}, {PENZTAR}]),
        ("740009, illetve Dórának mégsem kell a pénztár, csak az iktató", [{PENZTAR}, {IKTATO}]),
        ("740009, Simon Dóra csak az iktatót kéri.", [{PENZTAR}, {IKTATO}]),
        ("740009. Mindkettőnknek kellene az iktató is.", [{PENZTAR, IKTATO}, {PENZTAR, IKTATO}]),
        ("Gergő PIR-je 740009, Dóráé ugyanez. Dórának még az adó is kell.", [{PENZTAR}, {PENZTAR, ADO}]),
    ],
)
def test_modules_changed_unasked(text: str, modules: list[set[str]]) -> None:
    verdict = answer(pair(), text)
    assert told(verdict) == [("ready",), ("ready",)]
    assert [{one.value for one in person.modules} for person in verdict.people] == modules


@pytest.mark.parametrize(
    "text",
    [
        "Holnap küldöm.",
        "Holnap küldöm, most nincs nálam.",
        "a táblázatból az első",
        "Az első és a harmadik modul a listából.",
        "az 5. sor",
    ],
)
def test_what_names_no_module_is_for_a_person(text: str) -> None:
    """Which of our tables the requester counts in, and from where, no machine can know."""
    verdict = answer(case_of("modules"), text)
    assert (verdict.kind, set(verdict.outcomes)) == (Kind.OTHER, {Outcome.REVIEW})


def test_the_jegyzo_named_who_got_no_copy() -> None:
    """policy.md §4, §6: he is no recipient; all else complete goes to staff, else the next letter asks again."""
    alone = answer(case_of("clerk unclear"), "740373, a jegyzőnk dr. Tóth Pál, toth.pal@lenti.example")
    assert told(alone) == [("review", "jegyzo_unclear")]
    more = answer(case_of("clerk unclear"), "A jegyzőnk dr. Tóth Pál, toth.pal@lenti.example")
    assert told(more) == [("incomplete", "pir_missing", "jegyzo_unclear")]
    assert clerk_problem(answer(case_of("clerk"), "A jegyzőnk dr. Tóth Pál.")) is Problem.JEGYZO_NOT_IN_CC
    copied = answer(case_of("clerk unclear"), "740373, a jegyzőnk dr. Tóth Pál.", cc="toth.pal@lenti.example")
    assert told(copied) == [("ready",)]


def test_who_else_is_copied_is_not_the_jegyzo() -> None:
    text = "740373. Kiss Béla a pénzügyi osztályvezető, a jegyző dr. Tóth Pál."
    assert told(answer(case_of("clerk unclear"), text)) == [("review", "jegyzo_unclear")]


def clerk_problem(verdict: Verdict) -> Problem:
    """The one thing that is wrong."""
    (problem,) = verdict.people[0].problems
    return problem
