"""Who is asked for in a text: everybody named there who may be an applicant, and those of them who are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rules.reading.corrections import names_put_right
from rules.reading.emails import is_like
from rules.reading.labels import Slot
from rules.reading.layout import together
from rules.reading.lexicon import Lexicon
from rules.reading.name_forms import nominative
from rules.reading.names import NameHit, find_names, same_person
from rules.reading.prose import NamedRole, Role
from rules.reading.short_names import find_lone_names
from rules.reading.spots import Scan
from rules.reading.stretches import Stretches
from rules.reading.writer import Writer
from rules.text import fold

_CUED = re.compile(
    r"(?:nevem|nev|neve|hivnak)[\s:]{1,3}(?P<after>(?:[a-z.-]+ ){1,3}[a-z-]+)"
    r"|(?P<before>(?:[a-z-]+ ){1,3}[a-z-]+),? vagyok"
)
_CUE = re.compile(r"(?:nev(?:em|e)?|hivnak)[\s:]")  # or " vagyok" stands in whatever _CUED finds
_MARK = re.compile(r"[ \t]*(?:[-–—*•·]|\(?\d{1,2}[.)]|[a-z][.)])[ \t]+", re.I)
_LINE_HEAD = re.compile(r"^[^\n,;:(|@\d]+?(?=[ \t]*(?:$|[,;:(|]|[ \t][-–—][ \t]))", re.M)
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-ZÁÉÍÓÖŐÚÜŰ])(?<!dr\.)(?<!Dr\.)|\n[ \t]*\n")
LINE_NAME_WORDS = 4
MOST_NAMES = 200  # of one text that are asked for data of their own; more is no request


class Named(NamedTuple):
    """A place where somebody who may be an applicant is named.

    `sure`: labelled, in a list, said to be for him, or with data of his own; not a mere name in a sentence.
    """

    name: str
    start: int
    end: int
    labelled: bool
    sure: bool
    writer: bool


def find_named(scan: Scan, writer: Writer, lexicon: Lexicon) -> list[Named]:
    """Everybody in the text who may be an applicant, in order."""
    labelled = [spot for spot in scan.spots if spot.slot is Slot.FULL_NAME]
    found = [
        Named(spot.value, spot.start, spot.end, True, True, writer.is_called(spot.value, lexicon)) for spot in labelled
    ]
    over: dict[int, list[Named]] = {}  # every place of a name: who is named there
    for one in found:
        _spread(one, over)
    for at, role in enumerate(scan.roles):
        hit = role.name
        here = over.get(hit.start, ())
        if role.role in {Role.JEGYZO, Role.ADDRESSEE} or (role.role is Role.OTHER and not _by_case_alone(role, scan)):
            continue
        if any(same_person(one.name, hit.name, lexicon) for one in here):
            continue
        in_label = bool(here)
        is_writer = role.role is Role.WRITER or writer.is_called(hit.name, lexicon)
        sure = role.role in {Role.APPLICANT, Role.WRITER} or role.in_data or in_label
        sure = sure or (
            not is_writer and at < MOST_NAMES and role.role is not Role.SETTLED and _wishes(at, scan, lexicon)
        )
        found.append(Named(hit.name, hit.start, hit.end, in_label, sure, is_writer))
        _spread(found[-1], over)
    right = names_put_right(scan.text, scan.roles)
    found = [one._replace(name=right[one.name]) if one.name in right else one for one in found]
    found += _by_given_name_only(scan, found, lexicon)
    found = _as_their_rows(scan.text, sorted(found, key=lambda one: one.start))
    return sorted(found or _in_small_letters(scan, writer, lexicon), key=lambda one: one.start)


def _by_given_name_only(scan: Scan, found: list[Named], lexicon: Lexicon) -> list[Named]:
    """Who stands in a list of people by given name and address only; the name "" asks for the rest of it."""
    if not any(one.sure for one in found):
        return []
    emails = [spot for spot in scan.spots if spot.slot is Slot.EMAIL]
    lone = find_lone_names(scan.text, [one.name for one in found], emails, lexicon)
    return [Named("", start, end, False, True, False) for start, end in lone]


def _by_case_alone(role: NamedRole, scan: Scan) -> bool:
    """ "Lengyel Sáráról lenne szó": a case that mostly speaks of others, but the text holds an address of this name."""
    spelled = fold(role.name.name).split()
    return bool(role.name.ending) and any(
        spot.slot is Slot.EMAIL and all(word in spot.value for word in spelled) for spot in scan.spots
    )


def _as_their_rows(text: str, named: list[Named]) -> list[Named]:
    """Of those named in one row ("Kis Pál és Vas Éva") all are asked for where one is; so is the writer among them."""
    named = list(named)
    rows = [at for at, (one, other) in enumerate(pairwise(named)) if together(text, one, other)]
    for at in rows:
        if named[at].writer != named[at + 1].writer:
            named[at : at + 2] = [one._replace(sure=True, writer=False) for one in named[at : at + 2]]
    for at, to in [*((at, at + 1) for at in rows), *((at + 1, at) for at in reversed(rows))]:
        if named[at].sure and not named[to].sure:
            named[to] = named[to]._replace(sure=True)
    return named


def _spread(one: Named, over: dict[int, list[Named]]) -> None:
    for place in range(one.start, one.end):
        over.setdefault(place, []).append(one)


def _wishes(at: int, scan: Scan, lexicon: Lexicon) -> bool:
    """Has the name number `at` data of its own: a module in the rest of its sentence, or an address that is its own?"""
    hit = scan.roles[at].name
    following = scan.roles[at + 1].name.start if at + 1 < len(scan.roles) else len(scan.text)
    ends = _SENTENCE_END.search(scan.text, hit.end, following)
    stop = ends.start() if ends else following
    return any(
        (spot.slot is Slot.MODULES and spot.known and hit.end <= spot.start < stop)
        or (spot.slot is Slot.EMAIL and is_like(spot.value, hit.name, lexicon))
        for spot in scan.spots
    )


def _in_small_letters(scan: Scan, writer: Writer, lexicon: Lexicon) -> list[Named]:
    """Names without capitals: behind "nevem", before "vagyok", alone on a line, or the writer's own."""
    folded = fold(scan.text)
    may_be_cued = " vagyok" in folded or _CUE.search(folded)
    cues = _CUED.finditer(folded) if may_be_cued else ()
    cued = [match.span("after" if match["after"] else "before") for match in cues]
    for start, hit in _small_names(scan.text, cued, lexicon):
        return [Named(hit.name, start + hit.start, start + hit.end, False, True, True)]
    judged = Stretches(role.name for role in scan.roles)  # the jegyző, whom the letter greets …
    heads = [
        match.span() for match in _LINE_HEAD.finditer(scan.text) if 2 <= len(match.group().split()) <= LINE_NAME_WORDS
    ]
    return [
        Named(hit.name, start + hit.start, start + hit.end, False, True, writer.is_called(hit.name, lexicon))
        for start, hit in _small_names(scan.text, heads, lexicon)
        if not judged.over(start + hit.start, start + hit.end)
    ]


def _small_names(text: str, windows: Sequence[tuple[int, int]], lexicon: Lexicon) -> Iterator[tuple[int, NameHit]]:
    """The first name of each stretch that holds one, in any case, with the stretch's start."""
    for start, end in windows:
        if any(nominative(word, lexicon) for word in text[start:end].split()):
            for hit in find_names(text[start:end], lexicon, any_case=True)[:1]:
                yield start, hit


def choose_applicants(named: list[Named], scan: Scan, lexicon: Lexicon, *, both: bool) -> list[list[Named]]:
    """The places of each applicant among the named, in the order in which the people come."""
    return _distinct(_chosen(named, scan, both=both), lexicon)


def _chosen(named: list[Named], scan: Scan, *, both: bool) -> list[Named]:
    """Those of the named that are applicants: the labelled, else the sure, else whoever is named.

    The writer is one of several only where her line holds data as the others' do, or where she says so (`both`).
    """
    labelled = [one for one in named if one.labelled]
    if labelled:
        loose = [one for one in named if one.sure and not one.labelled]
        return labelled + [
            one for one in loose if _is_one_of(one, labelled) or (not one.writer and _has_data(one, scan)) or both
        ]
    sure = [one for one in named if one.sure] or named
    others = [one for one in sure if not one.writer]
    if not others or both:
        return [*sure, *(one for one in named if both and one.writer and one not in sure)]
    return [one for one in sure if not one.writer or _has_data(one, scan) or _is_listed(one, others, scan)]


def _is_one_of(one: Named, others: list[Named]) -> bool:
    return any(set(fold(one.name).split()) & set(fold(other.name).split()) for other in others)


def _has_data(one: Named, scan: Scan) -> bool:
    """Does an address or a wish stand on the line of the name?"""
    start, end = _line_of(one, scan.text)
    return any(spot.slot in {Slot.EMAIL, Slot.MODULES} and start <= spot.start < end for spot in scan.spots)


def _is_listed(one: Named, others: list[Named], scan: Scan) -> bool:
    """Is the name an item of the same list as one of the others?"""
    marks = [_MARK.match(scan.text, _line_of(named, scan.text)[0]) for named in (one, *others)]
    return bool(marks[0]) and any(marks[1:])


def _line_of(one: Named, text: str) -> tuple[int, int]:
    end = text.find("\n", one.end)
    return text.rfind("\n", 0, one.start) + 1, len(text) if end < 0 else end


def _distinct(named: list[Named], lexicon: Lexicon) -> list[list[Named]]:
    """The places of each person, in the order in which the people come."""
    people: list[list[Named]] = []
    for one in sorted(named, key=lambda one: one.start):
        same = next(
            (places for places in people if any(same_person(place.name, one.name, lexicon) for place in places)), None
        )
        if same is None:
            people.append([one])
        else:
            same.append(one)
    return people
