"""Which of a text's possible module words are wishes: a job's name is none, an ordinary word needs its surroundings."""

from __future__ import annotations

import re
from bisect import bisect_left

from rules.reading.module_duties import (
    duties_pointed_at,
    is_job,
    is_officer,
    is_purpose,
    next_role,
    without_explained,
    without_jobs,
    without_passing,
)
from rules.reading.module_items import Item, Reading
from rules.reading.module_words import ModuleWords, Role, Row, Tier, misspelt_row

EXACT, NAMED, ASKED, BESIDE, TYPO = 1.0, 0.95, 0.85, 0.75, 0.7
LONGEST_LINE = 300  # characters of a line that is looked at for what it is as a whole
MOST_BETWEEN = 6  # words between two modules of one list
_OBJECT = re.compile(r"[^t]ot$|[^s][ae]t$|(?:hoz|hez|[^e]re)$")  # bankot, bankhoz
_REACHED = re.compile(r"(?:[aeioulnrsz]t|hoz|hez|[rb]ol|nak|nek|[^e]r[ae])$")  # bankról, selejtezésnek
_MADE_FOR = frozenset({"szolo", "valo", "keszult", "keszitett", "szant", "szukseges"})
_BULLET = re.compile(r"\s*(?:[-–•*>+]|\d{1,2}[.)]|[a-z]\))\s*")
_JOINING = Role.JOIN | Role.CORE_NOUN | Role.ALL | Role.FULL | Role.LISTED
Accepted = list[tuple[Item, float]]


def accept_in_field(reading: Reading, words: ModuleWords) -> Accepted:
    """Every item of a module field, slips of the pen set right, with its certainty."""
    kept: Accepted = []
    before: Item | None = None
    for item in sorted((*reading.items, *_misspelt(reading, words)), key=lambda one: one.start):
        # "adó ügyintéző" in a module field is the tax module, not that of the case officer as well
        title = before and before.row and before.row.module.family != "irat" and is_officer(item)
        if not (title and before and reading.gap(before.last, item.first).strip(" \n") in ("", "-")):
            kept.append((item, TYPO if item.typo else EXACT))
        before = item
    told = {item.start for item in without_explained(reading, [item for item, _ in kept])}
    return [pair for pair in kept if pair[0].start in told]


def accept_in_text(reading: Reading, words: ModuleWords) -> Accepted:
    """The items of running text that are wishes, with their certainty."""
    kept: Accepted = []
    for all_told in _runs(reading):
        whole = without_passing(reading, without_explained(reading, all_told))
        run = without_jobs(reading, whole)
        certain = {item.start: _certainty_alone(reading, item) for item in run}
        beside = any(certain.values()) or (bool(run) and _fills_line(reading, run))
        if whole and not beside and (duties := duties_pointed_at(reading, whole)):
            run, beside = duties, True  # the rest of the run is what they are done with
        for item in run:
            certainty = certain.get(item.start) or (BESIDE if beside else 0.0)
            if certainty and not _is_woman(reading, item, beside=len(run) > 1):
                kept.append((item, certainty))
    kept += _asked_in_turn(reading, kept)
    kept += _of_a_trade(reading, kept)
    kept += _misspelt_beside(reading, words, kept)
    return sorted(kept, key=lambda pair: pair[0].start)


def _asked_in_turn(reading: Reading, kept: Accepted) -> Accepted:
    """Ordinary words that are asked for in turn with a module: "Lilla a pénztárt, Gergely a bankot kéri"."""
    wishing = {reading.sentences[item.first] for item, _ in kept} & reading.asking
    held = {item.start for item, _ in kept}
    return [
        (item, BESIDE)
        for item in reading.items
        if item.row is not None
        and not item.row.bare_family
        and item.start not in held
        and reading.sentences[item.first] in wishing
        and _OBJECT.search(reading.row[item.last].text)
        and not is_officer(item)
        and not is_job(reading, item)
        and not _is_woman(reading, item, beside=False)
    ]


def _of_a_trade(reading: Reading, kept: Accepted) -> Accepted:
    """What is asked for by whom it is made for: "hagyatéki ügyintézőknek szóló képzés", "adóügyi előadói tananyag"."""
    held = {item.start for item, _ in kept}
    asked = [item for item in reading.items if item.row is not None and reading.sentences[item.first] in reading.asking]
    return [(item, BESIDE) for item in asked if item.start not in held and _is_for_its_people(reading, item)]


def _is_for_its_people(reading: Reading, item: Item) -> bool:
    """Is the word behind the item its trade's people, and behind that the training made for them?"""
    at = item.last + 1
    if is_officer(item) or not next_role(reading, item) & Role.JOB or at + 1 >= len(reading.row):
        return False
    people, behind = reading.row[at].text, reading.row[at + 1].text
    if people.endswith("i"):
        return bool(reading.roles[at + 1] & Role.CORE_NOUN)
    made_for = people.endswith(("nak", "nek")) and behind in _MADE_FOR and at + 2 < len(reading.row)
    return bool(made_for and reading.roles[at + 2] & Role.CORE_NOUN)


def _misspelt(reading: Reading, words: ModuleWords) -> list[Item]:
    """Words that nothing explains and that are a slip of the pen away from a module's."""
    owned = {place for item in reading.items for place in range(item.first, item.last + 1)}
    free = (place for place in range(len(reading.row)) if place not in owned and not reading.roles[place])
    found = ((place, misspelt_row(reading.row[place].text, words)) for place in free)
    return [_slip(reading, place, row) for place, row in found if row]


def _slip(reading: Reading, place: int, row: Row) -> Item:
    token = reading.row[place]
    return Item(place, place, token.start, token.end, row, exact=False, typo=True)


def _misspelt_beside(reading: Reading, words: ModuleWords, kept: Accepted) -> Accepted:
    """Slips of the pen in running text: only right before "modul", "szakrendszer" … or beside an accepted module."""
    edges = {item.last + 1 for item, _ in kept} | {item.first - 1 for item, _ in kept}
    owned = {place for item in reading.items for place in range(item.first, item.last + 1)}
    found: Accepted = []
    for place, role in enumerate(reading.roles):
        if role or place in owned:
            continue
        after = reading.roles[place + 1] if place + 1 < len(reading.roles) else Role.NONE
        near = after & Role.CORE_NOUN or (edges and _beside(reading, place) & edges)
        if near and reading.sentences[place] in reading.asking:
            row = misspelt_row(reading.row[place].text, words)
            found += [(_slip(reading, place, row), TYPO)] if row else []
    return found


def _beside(reading: Reading, place: int) -> set[int]:
    """The places next to `place`, and behind the joining words there ("a bannk és a pénztár")."""
    near = {place, place - 1, place + 1}
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(reading.row) and abs(at - place) < MOST_BETWEEN and reading.roles[at] & Role.JOIN:
            near.add(at)
            at += step
    return near


def _runs(reading: Reading) -> list[list[Item]]:
    """Items that stand beside each other in one list: only nouns and joining words between them."""
    runs: list[list[Item]] = []
    for item in reading.items:
        left = runs[-1][-1] if runs else None
        if left and reading.sentences[left.last] == reading.sentences[item.first] and _joined(reading, left, item):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _joined(reading: Reading, left: Item, right: Item) -> bool:
    between = range(left.last + 1, right.first)
    if "\t" in reading.gap(left.last, right.first) or "@" in reading.text[left.end : right.start]:  # another cell
        return False
    joining = _JOINING if right.row else _JOINING | Role.ASK  # "az adó kell meg az anyakönyvi"
    return len(between) <= MOST_BETWEEN and all(reading.roles[place] & joining for place in between)


def _certainty_alone(reading: Reading, item: Item) -> float:
    """How sure the item is a wish without regard to its neighbours; 0.0 where it needs them."""
    asked = reading.sentences[item.first] in reading.asking
    named = item.ends_in_noun or bool(next_role(reading, item) & Role.CORE_NOUN)
    if item.identifier or (item.row and item.row.tier is Tier.ANYWHERE):
        return NAMED
    if item.row is None:
        asked = asked and not next_role(reading, item) & Role.JOB
        told = reading.sentences[item.first] in reading.naming or _opens_item(reading, item)
        return ASKED if asked and (named or (item.proper_name and told)) else 0.0
    if item.row.tier is Tier.ASKED:
        return ASKED if asked or named else 0.0
    if item.row.bare_family and asked and (is_quantified(reading, item) or _is_asked_by_name(reading, item)):
        return ASKED
    return BESIDE if not is_officer(item) and (named or _is_to_be_learnt(reading, item)) else 0.0


def _is_to_be_learnt(reading: Reading, item: Item) -> bool:
    """Is the training for the item's matter asked for ("a selejtezéshez kellene a tananyag")?"""
    sentence = reading.sentences[item.first]
    if sentence not in reading.asking or sentence not in reading.learning or is_job(reading, item):
        return False
    if reading.roles[item.first] & Role.ORDINARY and not item.tasked and item.first == item.last:
        return False
    return is_purpose(reading, item) or bool(_REACHED.search(reading.row[item.last].text))


def _opens_item(reading: Reading, item: Item) -> bool:
    """Does the item open a line of a list?"""
    line = reading.folded.rfind("\n", 0, item.start) + 1
    return bool(_BULLET.fullmatch(reading.folded[line : item.start]))


def _is_asked_by_name(reading: Reading, item: Item) -> bool:
    """Is the bare word "irat" what is asked for, and no document ("iratra lenne szükségem", "az irat kellene")?"""
    word = reading.row[item.first].text
    if not word.startswith("irat") or word not in ("irat", "iratra", "iratba"):
        return False
    after = item.last + 1
    ends = after >= len(reading.row) or reading.sentences[after] != reading.sentences[item.last]
    return ends or (bool(reading.roles[after] & (Role.ASK | Role.JOIN)) and not reading.roles[after] & Role.JOB)


def is_quantified(reading: Reading, item: Item) -> bool:
    """Does "összes", "minden" or "teljes" belong to the item?"""
    near = range(max(0, item.first - 3), min(len(reading.row), item.last + 4))
    return any(
        reading.roles[place] & (Role.ALL | Role.FULL) and touches(reading, item, place)
        for place in near
        if not item.first <= place <= item.last
    )


def touches(reading: Reading, item: Item, place: int) -> bool:
    """Does the quantifier at `place` belong to the item ("az irat összes modulja", "minden gazdálkodási modul")?"""
    left, right = (item.last, place) if place > item.last else (place, item.first)
    nouns = all(reading.roles[between] & Role.NOUN for between in range(left + 1, right))
    return right - left <= 3 and nouns and not re.search(r"[,;\n.!?:+]", reading.gap(left, right))


def _fills_line(reading: Reading, run: list[Item]) -> bool:
    """Is the whole line a list of modules, at least one of them no ordinary word, or an item of what is asked for?"""
    start = reading.folded.rfind("\n", 0, run[0].start) + 1
    listed = reading.sentences[run[0].first] in reading.asking and _BULLET.match(reading.folded, start)
    if not listed and not any(item.row and item.row.tier is not Tier.FIELD for item in run):
        return False
    end = reading.folded.find("\n", run[-1].end)
    end = len(reading.folded) if end < 0 else end
    if end - start > LONGEST_LINE:
        return False
    owned = {place for item in run for place in range(item.first, item.last + 1)}
    first = bisect_left(reading.row, start, key=lambda token: token.start)
    return all(
        place in owned or token.text.isdecimal() or reading.roles[place] & (Role.JOIN | Role.NOUN | Role.FULL)
        for place, token in enumerate(reading.row[first : first + LONGEST_LINE], first)
        if token.start < end
    )


def _is_woman(reading: Reading, item: Item, *, beside: bool) -> bool:
    """Is "Kati" a person here? In capitals, before "modul" or beside another module it is the module."""
    if reading.folded[item.start : item.end] != "kati" or next_role(reading, item) & Role.CORE_NOUN:
        return False
    return not (reading.text[item.start : item.end].isupper() or beside)
