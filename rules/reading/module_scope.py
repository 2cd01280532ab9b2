"""How far a module wish reaches: "az összes", a family before its members, what is taken back, what is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from rules.reading.module_duties import next_role
from rules.reading.module_items import Item, Reading
from rules.reading.module_judgement import Accepted, touches
from rules.reading.module_words import Role

SURE_OF_ALL = 0.9
MOST_TAKEN_BACK = 30  # times that one text takes something back; a person does so once or twice
REACH = 3  # words from a quantifier to the module it belongs to
LONGEST_LIST = 30  # characters between a list and the words that take it back
_SPLIT = re.compile(r"[,;\n\t|/+•]|\s-\s")
_NOT_WANTED = re.compile(
    r"\bnem\s+(?:[a-z]+\s+)?(?:kell[a-z]*|ker(?:em|juk|i|nem|nek|nenk)?|szukseg[a-z]*|igeny[a-z]*|szeretn[a-z]*)\b"
    r"|\bnincs(?:en)?\s+(?:ra\s+)?szukseg[a-z]*"
    r"|\b(?:(?:mar|tavaly|korabban|regebben|sikeresen)\s+(?:[a-z]+\s+)?)?(?:elvegeztem|elvegezte|elvegeztuk|teljesitettem|teljesitette|megcsinaltam|"
    r"(?:be|vegig)(?:fejez|csinal|nez|tanul)t(?:em|am|uk|e|a)|kijartam|abszolvaltam|letudtam)\b"
)
_HAD = re.compile(
    r"\b(?:eddig|korabban|regebben|tavaly|idaig)\b[^.!?\n;]{0,80}?\b(?P<verb>lattam|lattuk|latta|ertem|ertuk|erte|volt|"
    r"hasznaltam|hasznalta|neztem|nezte|tanultam|tanulta)\b"
    r"|\b(?:csak|csupan|egyedul|kizarolag|jelenleg|most|mindossze|egyelore)\b[^.!?\n;]{0,60}?"
    r"\b(?P<shown>(?:latom|latjuk|latja)(?! el\b)|latszik|elerem|elerjuk|eleri|jelenik|mutatja|hozzaferek|"
    r"nyilik|megvan|van\s(?:meg|hozzaferesem|jogosultsagom|rajta|fent|kint))\b"
    r"|\b(?P<own>megvan(?:nak)?)\b|\b(?P<now>mar)\s(?:megvan|megkaptam|elerem|latom|eleri|latja|elertem|megneztem|van)\b"
)
_NOT_BUT = re.compile(r"\bnem\b(?=[^.!?\n]{1,60}\bhanem\b)")  # "nem KATI, hanem bank"
_UNTICKED = re.compile(r"(?:\[\s?\]|\(\s\)|[☐□◻])\s{0,2}$")
_BACKWARD = re.compile(r"kivetel|nelkul")  # "az adó kivételével"; "kivéve" looks forward
_BESIDES = re.compile(r"\bkivul\b")
_STOP = re.compile(r"[.!?;]\s|\n\n|\b(?:de|viszont|azonban|csak|ker[a-z]*)\b")
_ALL_ALONE = re.compile(r"(?:mindegyik|osszes|valamennyi|mind)(?:hez|re|et|t|be)")  # "mindegyikhez kérek hozzáférést"
_WITHIN = re.compile(r"(?:ban|ben|bol|nak|nek)$")
_EXPLAINED = ~(Role.DUTY | Role.ORDINARY)
_AND = frozenset({"es", "valamint", "illetve", "meg", "plusz", "tovabba"})


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish: an item of the text, or (None) everything there is."""

    item: Item | None
    start: int
    end: int
    certainty: float
    negated: bool = False


def find_quantifiers(reading: Reading, kept: Accepted, *, in_field: bool) -> tuple[list[Wish], frozenset[int]]:
    """The wish for every module, if there is one, and the places of all quantifiers that are accounted for."""
    wishes: list[Wish] = []
    spent: set[int] = set()
    owned = {place for item in reading.items for place in range(item.first, item.last + 1)}
    alone = not any(item.row for item, _ in kept)
    edges = {edge: item for item, _ in kept for edge in (item.first, item.last)}
    for place, role in enumerate(reading.roles):
        if not role & (Role.ALL | Role.FULL) or place in owned:
            continue
        near = (edges.get(beside) for beside in range(place - REACH, place + REACH + 1))
        if any(item and item.row and touches(reading, item, place) for item in near):
            spent.add(place)
        elif (
            role & Role.ALL and (last := _end_of_everything(reading, place, in_field=in_field, alone=alone)) is not None
        ):
            spent.add(place)
            wishes.append(Wish(None, reading.row[place].start, reading.row[last].end, SURE_OF_ALL))
    return wishes[:1], frozenset(spent)


def _end_of_everything(reading: Reading, place: int, *, in_field: bool, alone: bool) -> int | None:
    """The last word of "az összes ASP szakrendszer" that begins at `place`; None where it is no such wish.

    "Minden alábbi modul" is the list that follows, unless nothing is named (`alone`).
    """
    sentence, last = reading.sentences[place], place
    for after in range(place + 1, min(place + 5, len(reading.row))):
        role = reading.roles[after]
        joined = role & (Role.NOUN | Role.JOIN | Role.ALL | Role.ASK | Role.FILLER) or (role & Role.LISTED and alone)
        if reading.sentences[after] != sentence or not joined:
            break
        last = after if role & Role.NOUN else last
    if in_field:
        return last
    if sentence not in reading.asking:
        return None
    if any(reading.roles[one] & Role.CORE_NOUN for one in range(place + 1, last + 1)):
        return last
    return place if _ALL_ALONE.fullmatch(reading.row[place].text) and alone else None


def drop_family_names(reading: Reading, kept: Accepted, spent: frozenset[int]) -> Accepted:
    """Leave out "irat" where it only says whose the modules beside it are ("irat: iktató, postázó")."""
    result: Accepted = []
    families = {item.row.module.family for item, _ in kept if item.row and not item.row.bare_family}
    for number, (item, certainty) in enumerate(kept):
        near = spent.intersection(range(item.first - REACH, item.last + REACH + 1))
        whole = any(touches(reading, item, place) for place in near)
        before = kept[number - 1][0] if number else None
        after = kept[number + 1][0] if number + 1 < len(kept) else None
        has_members = item.row is not None and item.row.bare_family and item.row.module.family in families
        if whole or not has_members or not _only_names_family(reading, item, before, after):
            result.append((item, certainty))
    return result


def _is_member(other: Item | None, head: Item) -> bool:
    """Is `other` another row of the family that `head` names?"""
    if not other or not other.row or not head.row or not head.row.bare_family or other.row.bare_family:
        return False
    return other.row.module.family == head.row.module.family and other.row.module.id != head.row.module.id


def _only_names_family(reading: Reading, head: Item, before: Item | None, after: Item | None) -> bool:
    if after and _is_member(after, head):
        gap = reading.gap(head.last, after.first).removeprefix(".")  # "gazd. - bank"
        between = range(head.last + 1, after.first)
        plain = all(reading.roles[place] & (Role.NOUN | Role.JOIN | Role.FILLER | Role.ASK) for place in between)
        listed = any(reading.row[place].text in _AND for place in between) or re.search(r"[,;+.!?]", gap)
        if plain and not listed and ("\n" not in gap or ":" in gap):
            return True
    word = reading.folded[head.start : head.end]
    after_head = reading.row[head.last + 1].text if next_role(reading, head) & Role.NOUN else ""
    if _WITHIN.search(word) or _WITHIN.search(after_head) or reading.folded.startswith(" belul", head.end):
        return True
    bracketed = reading.folded[head.end :].lstrip()[:1] == ")"
    return bool(
        before and _is_member(before, head) and reading.gap(before.last, head.first).strip() == "(" and bracketed
    )


def take_back(reading: Reading, wishes: list[Wish]) -> list[Wish]:
    """Mark what the text says is not wanted: "kivéve …", "… nem kell", "nem …, hanem", an empty box."""
    if not wishes:
        return []
    spots = [(match.start(), True) for match in _NOT_WANTED.finditer(reading.folded)]
    if "hanem" in reading.folded:
        spots += [(match.start(), False) for match in _NOT_BUT.finditer(reading.folded)]
    for token, role in zip(reading.row, reading.roles, strict=True):
        if role & Role.EXCEPT:
            spots.append((token.start, bool(_BACKWARD.match(token.text))))
    if any(wish.item is None for wish in wishes):  # "minden a hagyatékon kívül"; else "az adón kívül az irat is"
        places = [match.start() for match in _BESIDES.finditer(reading.folded)][:MOST_TAKEN_BACK]
        spots += [(place, True) for place in places if any(True for _ in _list_before(reading, wishes, place))]
    spots = sorted(spots)[:MOST_TAKEN_BACK]
    refused = {place for spot, backward in spots for place in _refused(reading, wishes, spot, backward=backward)}
    for match in islice(_HAD.finditer(reading.folded), MOST_TAKEN_BACK):  # what one has already is not asked for
        refused |= set(_list_before(reading, wishes, match.start(match.lastgroup or 0)))
    refused |= {place for place, wish in enumerate(wishes) if _is_unticked(reading, wish)}
    return [replace(wish, negated=True) if place in refused else wish for place, wish in enumerate(wishes)]


def _is_unticked(reading: Reading, wish: Wish) -> bool:
    """Does an empty box stand before the wish ("[x] ADÓ [ ] Irat")?"""
    return bool(_UNTICKED.search(reading.text[max(0, wish.start - 6) : wish.start]))


def _refused(reading: Reading, wishes: list[Wish], spot: int, *, backward: bool) -> list[int]:
    """Indexes of the wishes that the words at `spot` refuse: the list right before them, else all behind them."""
    found = list(_list_before(reading, wishes, spot)) if backward else []
    if found:
        return found
    ends = (reading.folded.find(mark, spot) for mark in (". ", "!", "?", "\n\n", " de ", " hanem "))
    end = min((place for place in ends if place >= 0), default=len(reading.folded))
    return [number for number, wish in enumerate(wishes) if wish.item and spot < wish.start < end]


def _list_before(reading: Reading, wishes: list[Wish], spot: int) -> Iterator[int]:
    edge, first = spot, True
    for number in sorted(range(len(wishes)), key=lambda place: -wishes[place].end):
        wish = wishes[number]
        if wish.end > edge or wish.item is None:
            continue
        between = reading.folded[wish.end : edge]
        clause = "," in between if first else False  # "az adó kell, a bank nem kell": only what its clause holds
        if (
            _STOP.search(between)
            or len(between) > LONGEST_LIST
            or clause
            or (not first and _ends_clause(reading, wish))
        ):
            return
        yield number
        edge, first = wish.start, False


def _ends_clause(reading: Reading, wish: Wish) -> bool:
    """Is there a verb of asking between this wish and what follows it?"""
    assert wish.item is not None
    after = range(wish.item.last + 1, min(wish.item.last + 4, len(reading.row)))
    return any(reading.roles[place] & Role.ASK and not reading.roles[place] & Role.NOUN for place in after)


def find_left_over(reading: Reading, kept: Accepted, spent: frozenset[int]) -> list[tuple[int, int]]:
    """Stretches of a module field that nothing explains."""
    owned = {place for item, _ in kept for place in range(item.first, item.last + 1)} | spent
    owned |= {place for item in reading.items for place in range(item.first, item.last + 1)}
    found: list[tuple[int, int]] = []
    previous = -2
    for place, token in enumerate(reading.row):
        if place in owned or reading.roles[place] & _EXPLAINED or token.text.isdecimal() or len(token.text) < 2:
            continue
        if found and previous == place - 1 and not _SPLIT.search(reading.gap(previous, place)):
            found[-1] = (found[-1][0], token.end)
        else:
            found.append((token.start, token.end))
        previous = place
    rows = [item for item, _ in kept if item.row]
    return [(start, end) for start, end in found if not any(_tells_more(reading, item, start, end) for item in rows)]


def _tells_more(reading: Reading, item: Item, start: int, end: int) -> bool:
    """Do brackets make one of the two tell what the other is ("ügyfelek ügyei (ELÜGY)", "KATI (leltári tárgyak)")?"""
    if start >= item.end:
        behind = reading.folded[item.end : start]
        return behind.strip() == "(" and ")" in reading.folded[end : end + LONGEST_LIST]
    before = reading.folded[end : item.start]
    return before.count("(") == 1 and not _SPLIT.search(before) and ")" not in before
