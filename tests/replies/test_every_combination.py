"""Every combination of problem words: each is named once, nothing else is asked, the letter is well formed."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from math import prod

import pytest

from rules.model import Field, Origin, Person, Problem
from tests.replies.proof import FORM_BEGIN, LIST_BEGIN, check_hungarian, check_well_formed, flat, form_of, parsed
from tests.replies.samples import (
    CATALOGUE,
    OWN_ADDRESS,
    PEOPLE,
    SHORT_NAMES,
    WRITER,
    message_of,
    person_of,
    verdict_of,
)
from worker.replies.compose import ComposedReply, compose_reply
from worker.replies.notices import Notice, compose_notice

SIGNS = {  # a stretch of text that only this problem's sentence holds
    Problem.FULL_NAME_MISSING: "teljes név (vezetéknév és utónév):",
    Problem.MUNICIPALITY_MISSING: "az önkormányzat (a munkavégzés helye):",
    Problem.PIR_MISSING: "PIR szám (hatjegyű törzskönyvi azonosító): nem szerepel",
    Problem.PIR_INVALID: "– PIR szám: a",
    Problem.COUNTY_MISSING: "a vármegye megnevezése:",
    Problem.COUNTY_MISMATCH: "– vármegye: a megadott vármegye",
    Problem.EMAIL_MISSING: "egyedi, személyhez köthető e-mail cím: nem szerepel",
    Problem.EMAIL_INVALID: "hibásnak tűnik",
    Problem.EMAIL_NOT_PERSONAL: "munkakörre vagy szervezetre utal",
    Problem.EMAIL_SHARED: "több személynél is szerepel",
    Problem.MODULES_MISSING: "a kért szakrendszer(ek) megjelölése:",
    Problem.MODULES_UNKNOWN: "egyik tananyaggal sem azonosítható",
    Problem.JEGYZO_NOT_IN_CC: "a jegyző: nem szerepel",
    Problem.JEGYZO_UNCLEAR: "a jegyző: nem egyértelmű",
}
OF_THE_MAIL = {Problem.JEGYZO_NOT_IN_CC, Problem.JEGYZO_UNCLEAR}
EXCLUSIVE = [
    {Problem.PIR_MISSING, Problem.PIR_INVALID},
    {Problem.COUNTY_MISSING, Problem.COUNTY_MISMATCH},
    {Problem.MUNICIPALITY_MISSING, Problem.COUNTY_MISMATCH},
    {Problem.EMAIL_MISSING, Problem.EMAIL_INVALID},
    {Problem.EMAIL_MISSING, Problem.EMAIL_NOT_PERSONAL},
    {Problem.EMAIL_MISSING, Problem.EMAIL_SHARED},
    {Problem.MODULES_MISSING, Problem.MODULES_UNKNOWN},
    {Problem.JEGYZO_NOT_IN_CC, Problem.JEGYZO_UNCLEAR},
]
LABELS = {
    "Teljes név": {Problem.FULL_NAME_MISSING},
    "Önkormányzat": {Problem.MUNICIPALITY_MISSING},
    "PIR szám": {Problem.PIR_MISSING, Problem.PIR_INVALID},
    "Vármegye": {Problem.COUNTY_MISSING, Problem.COUNTY_MISMATCH},
    "E-mail cím": {
        Problem.EMAIL_MISSING,
        Problem.EMAIL_INVALID,
        Problem.EMAIL_NOT_PERSONAL,
        Problem.EMAIL_SHARED,
    },
    "Szakrendszer(ek)": {Problem.MODULES_MISSING, Problem.MODULES_UNKNOWN},
}


def possible(words: tuple[Problem, ...]) -> bool:
    """Whether one person can have all of `words`."""
    return not any(pair <= set(words) for pair in EXCLUSIVE)


EVERY_SET = [words for size in range(1, len(Problem) + 1) for words in combinations(Problem, size) if possible(words)]
SINGLES_AND_PAIRS = [words for words in EVERY_SET if len(words) <= 2]
LARGEST = [words for words in EVERY_SET if not any(possible((*words, one)) for one in Problem if one not in words)]


SCREEN = 45  # lines
OF_THE_ADDRESS = {Problem.EMAIL_INVALID, Problem.EMAIL_NOT_PERSONAL, Problem.EMAIL_SHARED}


def letter(*people: Person, last: bool = False) -> ComposedReply:
    return compose_reply(
        message_of(), verdict_of(*people), CATALOGUE, own_address=OWN_ADDRESS, token="7F3K2M", last=last
    )


def reminder(*people: Person) -> ComposedReply:
    return compose_notice(
        Notice.REMINDER, message_of(), people, CATALOGUE, to=(WRITER,), own_address=OWN_ADDRESS, token="7F3K2M"
    )


def check_form(text: str, words: set[Problem]) -> None:
    """Lines that nothing is asked of show their value; the others wait empty; the jegyző stands where asked."""
    form = form_of(text)
    for label, problems in LABELS.items():
        value = re.search(rf"^{re.escape(label)}:(.*)$", form, re.MULTILINE)
        assert value is not None
        assert bool(value[1].strip()) is not bool(problems & words), label
    assert ("Jegyző (név, e-mail cím):" in form) is bool(words & OF_THE_MAIL)


def test_there_is_a_sign_for_every_problem() -> None:
    assert set(SIGNS) == set(Problem), "SIGNS above needs a stretch of the sentence of each problem"
    # A factor for each field: the sets of its problems that one person can have (EXCLUSIVE), none among them.
    factors = {"name": 2, "place and county": 5, "PIR": 3, "address": 9, "modules": 3, "jegyző": 3}
    assert len(EVERY_SET) == prod(factors.values()) - 1, "set the factor of the field that a new problem is about"


def check_one(reply: ComposedReply, words: tuple[Problem, ...]) -> None:
    """Each of `words` is named once in text and HTML, nothing else is asked, the letter is as it should be."""
    text = flat(reply.text)
    html = flat(" ".join(str(piece) for piece in parsed(reply.html).itertext()))
    for problem, sign in SIGNS.items():
        assert text.count(sign) == int(problem in words), f"is {sign!r} in SIGNS of {problem}'s sentence alone? {words}"
        assert html.count(sign.removeprefix("– ")) >= int(problem in words), (problem, words)
    check_form(reply.text, set(words))
    check_well_formed(reply)
    check_hungarian(reply, SHORT_NAMES)
    asks_modules = bool({Problem.MODULES_MISSING, Problem.MODULES_UNKNOWN} & set(words))
    assert (LIST_BEGIN in reply.text) is (LIST_BEGIN in reply.html) is asks_modules


def test_one_person_every_combination() -> None:
    for number, words in enumerate(EVERY_SET):
        reply = letter(person_of(words, suggested=bool(number % 2)))
        check_one(reply, words)
        lines = reply.text.partition(LIST_BEGIN)[0].rstrip().count("\n") + 1
        doubled = max(0, len(OF_THE_ADDRESS & set(words)) - 1)  # what else is said of one address
        assert lines <= SCREEN + 2 * doubled, words


@pytest.mark.parametrize("words", [*SINGLES_AND_PAIRS, *LARGEST], ids="+".join)
def test_the_last_letter_and_the_reminder_ask_for_the_same(words: tuple[Problem, ...]) -> None:
    check_one(letter(person_of(words), last=True), words)
    check_one(reminder(person_of(words)), words)


def test_each_letter_thanks_for_the_mail_that_it_answers() -> None:
    words = (Problem.PIR_MISSING,)
    first, last = letter(person_of(words)), letter(person_of(words), last=True)
    for page in (flat(first.text), flat(first.html)):
        assert "Köszönjük levelét, amelyben regisztrációt kért" in page
        assert "újabb levelét" not in page
    for page in (flat(last.text), flat(last.html)):
        assert "Köszönjük újabb levelét, amelyet az ASP oktatási portálra kért regisztráció ügyében küldött." in page
        assert "amelyben" not in page
    assert "!\n\nKöszönjük újabb" in last.text
    assert "küldött.\n\nHa nem" in last.text


OWN_WORDS = [word for word in Problem if word not in OF_THE_MAIL]
OF_ALL: list[tuple[Problem, ...]] = [(), *((word,) for word in Problem if word in OF_THE_MAIL)]
THREES = [  # every pair of problems: of two people, and of one; with every state of the jegyző
    (
        (first, *of_all),
        (second, *of_all),
        tuple(word for word in Problem if word in {first, second, *of_all}) if possible((first, second)) else of_all,
    )
    for first in OWN_WORDS
    for second in OWN_WORDS
    for of_all in OF_ALL
]


def section(text: str, number: int, name: str) -> str:
    """What the letter says of its `number`-th person alone."""
    heading = f"{number}. {name}\n"
    assert text.count(heading) == 1, heading
    return flat(("\n" + text.partition(heading)[2]).partition("\n\n")[0])


def last_letter(*people: Person) -> ComposedReply:
    return letter(*people, last=True)


@pytest.mark.parametrize(
    ("write", "threes"),
    [(letter, THREES), (last_letter, THREES[::5]), (reminder, THREES[2::5])],
    ids=["first", "last", "reminder"],
)
def test_three_people_every_pair_of_problems(
    write: Callable[..., ComposedReply], threes: list[tuple[tuple[Problem, ...], ...]]
) -> None:
    for sets in threes:
        people = [person_of(words, index) for index, words in enumerate(sets)]
        asked = [index for index, words in enumerate(sets) if words]
        reply = write(*people)
        common = flat(reply.text.partition("vonatkozóan:\n")[2].partition("\n\n")[0])
        for number, index in enumerate(asked, start=1):
            name = "személy" if Problem.FULL_NAME_MISSING in sets[index] else PEOPLE[index][0]
            email = people[index].email
            refused = set(sets[index]) & {Problem.EMAIL_MISSING, *OF_THE_ADDRESS}
            if name == "személy" and email and not refused:
                name = f"személy ({email.value})"
            own = section(reply.text.partition(FORM_BEGIN)[0], number, name)
            for problem, sign in SIGNS.items():
                assert own.count(sign) + common.count(sign) == int(problem in sets[index]), (sets, index, problem)
        assert form_of(reply.text).count("Teljes név:") == len(asked)
        check_well_formed(reply)
        check_hungarian(reply, SHORT_NAMES)


@pytest.mark.parametrize("kind", [kind for kind in Notice if kind is not Notice.REMINDER])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_other_letters(kind: Notice, number: int) -> None:
    if kind is Notice.ACCOUNT_EXISTS and number > 1:
        return
    for words in [(), *SINGLES_AND_PAIRS, *LARGEST]:
        people = [person_of(words, index) for index in range(number)]
        reason = "A megadott munkáltató nem önkormányzat." if kind is Notice.REJECTED else ""
        reply = compose_notice(
            kind, message_of(), people, CATALOGUE, to=(WRITER,), reason=reason, own_address=OWN_ADDRESS
        )
        check_well_formed(reply)
        check_hungarian(reply, SHORT_NAMES)
        assert "ADATLAP" not in reply.text
        assert reply.text.count("\n") <= SCREEN


@pytest.mark.parametrize("suggested", [True, False])
@pytest.mark.parametrize("words", [*SINGLES_AND_PAIRS, *LARGEST], ids="+".join)
def test_three_people_who_lack_the_same(words: tuple[Problem, ...], suggested: bool) -> None:
    reply = letter(*(person_of(words, index, suggested=suggested) for index in range(3)))
    text = flat(reply.text)
    for problem, sign in SIGNS.items():
        assert text.count(sign) == int(problem in words), f"is {sign!r} in SIGNS of {problem}'s sentence alone? {words}"
    for number in (1, 2, 3):
        assert f"\n{number}. személy\n" in "\n" + form_of(reply.text)
    assert "Valamennyiükre vonatkozóan:" in text
    check_well_formed(reply)


@pytest.mark.parametrize("words", [*SINGLES_AND_PAIRS, *LARGEST], ids="+".join)
def test_three_people_who_lack_different_things(words: tuple[Problem, ...]) -> None:
    """The first lacks `words`, the second one thing more, the third nothing."""
    of_all = tuple(word for word in words if word in OF_THE_MAIL)
    extra = next(one for one in Problem if one not in OF_THE_MAIL and one not in words and possible((*of_all, one)))
    reply = letter(person_of(words), person_of((extra, *of_all), 1), person_of((), 2))
    text = flat(reply.text)
    for problem, sign in SIGNS.items():
        assert text.count(sign) == int(problem in {*words, extra}), (problem, words, extra)
    assert "A következő kérelem hiánytalan, a regisztrációt munkatársaink elvégzik: Tóth Anna." in text
    assert "Tóth Anna" not in form_of(reply.text)
    check_well_formed(reply)


def test_one_of_three_is_incomplete() -> None:
    reply = letter(person_of((), 0), person_of((Problem.PIR_MISSING,), 1), person_of((), 2))
    assert "A következő kérelem kiegészítésre szorul:\n\nSzabó Béla\n" in reply.text
    assert "elvégzik: Kovácsné Nagy Éva; Tóth Anna." in flat(reply.text)
    assert "1. személy" not in reply.text
    check_well_formed(reply)


def test_a_number_of_another_length_is_called_so() -> None:
    text = flat(letter(person_of((Problem.PIR_INVALID,), suggested=False, pir=Field("7400098"))).text)
    assert "a megadott szám (7400098) nem hatjegyű, ezért nem lehet PIR szám." in text


def test_several_unknown_wishes_are_spoken_of_in_the_plural() -> None:
    wishes = (Field("ügyeleti napló"), Field("irodai teendők"))
    text = flat(letter(person_of((Problem.MODULES_UNKNOWN,), unknown_modules=wishes)).text)
    assert "a megadott megjelölések („ügyeleti napló”, „irodai teendők”) egyik tananyaggal sem azonosíthatók." in text


def test_the_senders_own_address_is_called_so() -> None:
    email = Field("iroda@mintafalu.example", origin=Origin.SENDER)
    text = flat(letter(person_of((Problem.EMAIL_NOT_PERSONAL,), email=email)).text)
    assert "a levél feladójának címe (iroda@mintafalu.example) munkakörre vagy szervezetre utal." in text


def test_a_title_and_a_modules_name_stay_on_one_line() -> None:
    reply = letter(*(person_of((Problem.PIR_MISSING,), full_name=Field(f"Dr. {'M' * n} Éva")) for n in range(20, 60)))
    assert not re.search(r"Dr\.\n", reply.text)
    assert not re.search(r"Irat\n|Irat -\n", reply.text)
