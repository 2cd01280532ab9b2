"""Every combination of problem words: each is named once, nothing else is asked, the letter is well formed."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from lxml import etree

from rules.model import Field, Person, Problem
from tests.replies.samples import CATALOGUE, OWN_ADDRESS, message_of, person_of, verdict_of
from worker.replies.compose import ComposedReply, compose_reply

SIGNS = {  # a stretch of text that only this problem's sentence holds
    Problem.FULL_NAME_MISSING: "teljes név (vezetéknév és utónév):",
    Problem.MUNICIPALITY_MISSING: "az önkormányzat megnevezése (a munkavégzés helye):",
    Problem.PIR_MISSING: "az önkormányzat PIR száma (hatjegyű törzskönyvi azonosító):",
    Problem.PIR_INVALID: "– PIR szám (hatjegyű törzskönyvi azonosító):",
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


def letter(*people: Person) -> ComposedReply:
    return compose_reply(message_of(), verdict_of(*people), CATALOGUE, own_address=OWN_ADDRESS, token="7F3K2M")


def flat(text: str) -> str:
    return " ".join(text.split())


def form_of(text: str) -> str:
    begin, end = "--- ADATLAP (kérjük, a sorokat kitöltve küldje vissza) ---\n", "--- ADATLAP VÉGE ---"
    assert text.count(begin) == text.count(end) == 1
    return text.partition(begin)[2].partition(end)[0]


def check_well_formed(reply: ComposedReply) -> None:
    for line in reply.text.split("\n"):
        assert len(line) <= 78
        assert line == line.rstrip()
    for artefact in ("{{", "}}", "{%", "None", "a(z)", "\n\n\n", " .", " ,", "..", "()", ": .", "Undefined"):
        assert artefact not in reply.text
    assert reply.text.count("!") == 1, "only after the greeting"
    check_html(reply.html)


def parsed(html: str) -> etree._Element:
    """The page, which is well-formed XML too: no tag is left open."""
    return etree.fromstring(html.strip().encode(), etree.XMLParser(no_network=True))


def check_html(html: str) -> None:
    root = parsed(html)
    assert root.get("lang") == "hu"
    assert not root.xpath("//script | //img | //input | //form | //link")
    assert not root.xpath("//ul[not(li)] | //p[not(normalize-space())] | //tr[not(*)]")
    assert all(str(link.get("href")).startswith("https://www.aspoktatas.hu/") for link in root.iter("a"))


def check_form(text: str, words: set[Problem]) -> None:
    """Lines that nothing is asked of show their value; the others wait empty; the jegyző stands where asked."""
    form = form_of(text)
    for label, problems in LABELS.items():
        value = re.search(rf"^{re.escape(label)}:(.*)$", form, re.MULTILINE)
        assert value is not None
        assert bool(value[1].strip()) is not bool(problems & words), label
    assert ("Jegyző (név, e-mail cím):" in form) is bool(words & OF_THE_MAIL)


def test_there_is_a_sign_for_every_problem() -> None:
    assert set(SIGNS) == set(Problem)
    assert len(EVERY_SET) == 2 * 5 * 3 * 9 * 3 * 3 - 1  # name, place and county, PIR, address, modules, jegyző


def test_one_person_every_combination() -> None:
    for words in EVERY_SET:
        reply = letter(person_of(words))
        text = flat(reply.text)
        html = flat(" ".join(str(piece) for piece in parsed(reply.html).itertext()))
        for problem, sign in SIGNS.items():
            assert text.count(sign) == int(problem in words), (problem, words)
            assert html.count(sign.removeprefix("– ")) >= int(problem in words), (problem, words)
        check_form(reply.text, set(words))
        check_well_formed(reply)
        asks_modules = bool({Problem.MODULES_MISSING, Problem.MODULES_UNKNOWN} & set(words))
        assert ("JEGYZÉKE" in reply.text) is ("JEGYZÉKE" in reply.html) is asks_modules


@pytest.mark.parametrize("suggested", [True, False])
@pytest.mark.parametrize("words", [*SINGLES_AND_PAIRS, *LARGEST], ids="+".join)
def test_three_people_who_lack_the_same(words: tuple[Problem, ...], suggested: bool) -> None:
    reply = letter(*(person_of(words, index, suggested=suggested) for index in range(3)))
    text = flat(reply.text)
    for problem, sign in SIGNS.items():
        assert text.count(sign) == int(problem in words), (problem, words)
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
