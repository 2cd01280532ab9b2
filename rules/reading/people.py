"""Who is to be registered, with what stands beside each: the people of one text, then of the whole mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rules.model import Evidence
from rules.reading.labels import Slot
from rules.reading.layout import Anchor, lay_out
from rules.reading.lexicon import Lexicon
from rules.reading.name_forms import nominative
from rules.reading.names import find_names, same_person
from rules.reading.prose import Role
from rules.reading.sources import Source
from rules.reading.spots import Scan, Scanner, Spot
from rules.reading.tables import Record, TableReading, read_table
from rules.reading.writer import Writer
from rules.text import fold

_CUED = re.compile(
    r"(?:nevem|nev|neve|hivnak)[\s:]{1,3}(?P<after>(?:[a-z.-]+ ){1,3}[a-z-]+)|(?P<before>(?:[a-z-]+ ){1,3}[a-z-]+),? vagyok"
)
_MARK = re.compile(r"[ \t]*(?:[-–—*•·]|\(?\d{1,2}[.)]|[a-z][.)])[ \t]+", re.I)
_LINE_HEAD = re.compile(r"^[^\n,;:(|@\d]+?(?=[ \t]*(?:$|[,;:(|]|[ \t][-–—][ \t]))", re.M)
LINE_NAME_WORDS = 4


@dataclass(slots=True)
class Draft:
    """A person as one text gives him: the name ("" where none), where it stands, and the values beside it."""

    name: str
    evidence: tuple[Evidence, ...] = ()
    spots: list[Spot] = field(default_factory=list)
    sure: bool = True  # labelled, in a table or a list, or said to be for him; not a mere name in a sentence
    writer: bool = False  # the one who writes this text


@dataclass(slots=True)
class Reading:
    """The people of one text, and the values that hold for all of them."""

    drafts: list[Draft] = field(default_factory=list)
    shared: list[Spot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Named:
    """A place where somebody who may be an applicant is named."""

    name: str
    start: int
    end: int
    labelled: bool
    sure: bool
    writer: bool


def read_text(scan: Scan, writer: Writer, scanner: Scanner, *, both: bool = False) -> Reading:
    """The people of one text with their values, tables first, then what stands around them.

    `both`: the mail says that it is for the writer and for others.
    """
    tables = [read_table(table, scan.source, scanner) for table in scan.source.part.tables]
    covered = [
        (table.start, table.end) for table, read in zip(scan.source.part.tables, tables, strict=True) if read.records
    ]
    spots = [spot for spot in scan.spots if not _inside(spot.start, covered)]
    named = [one for one in _named(scan, writer, scanner) if not _inside(one.start, covered)]
    reading = Reading()
    for table in tables:
        _add_table(reading, table, scan.source, scanner.lexicon)
    if reading.drafts:
        named = [one for one in named if one.labelled]
    people = _distinct(_chosen(named, scan, both=both), scanner.lexicon)
    values = [spot for spot in spots if spot.slot is not Slot.FULL_NAME]
    if not people:
        reading.shared += values
        return reading
    anchors = [Anchor(number, one.start, one.end) for number, same in enumerate(people) for one in same]
    layout = lay_out(scan.text, anchors, values, len(people))
    for same, own in zip(people, layout.own, strict=True):
        reading.drafts.append(_draft(same, own, scan.source))
    reading.shared += layout.shared
    if len(reading.drafts) > len(people):
        _unshare(reading, layout.own, len(people))
    return reading


def _unshare(reading: Reading, own: list[list[Spot]], count: int) -> None:
    """Beside a table of people a name in the text is a mention: its values hold for all."""
    mentioned = reading.drafts[-count:]
    del reading.drafts[-count:]
    reading.shared += [spot for spots in own for spot in spots if spot.slot is not Slot.EMAIL]
    reading.drafts += [draft for draft in mentioned if draft.sure and any(s.slot is Slot.EMAIL for s in draft.spots)]


def merge_readings(readings: Iterable[Reading], lexicon: Lexicon) -> Reading:
    """The people of all texts; one who is named in several is one person."""
    merged = Reading()
    for reading in readings:
        merged.shared += reading.shared
        for draft in reading.drafts:
            known = next(
                (one for one in merged.drafts if one.name and same_person(one.name, draft.name, lexicon)), None
            )
            if known is None:
                merged.drafts.append(replace(draft, spots=list(draft.spots)))
                continue
            known.spots += draft.spots
            known.sure |= draft.sure
            known.writer |= draft.writer
            if len(draft.name) > len(known.name):
                known.name, known.evidence = draft.name, draft.evidence
    return merged


def drop_mentions(reading: Reading) -> Reading:
    """Leave out who is only mentioned, where others are plainly asked for; what stood beside them holds for all."""
    plain = [draft for draft in reading.drafts if draft.sure]
    kept = plain or [draft for draft in reading.drafts if not draft.writer] or reading.drafts
    spare = [spot for draft in reading.drafts if draft not in kept for spot in draft.spots]
    return Reading(kept, [*reading.shared, *spare])


def _inside(place: int, stretches: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in stretches)


def _add_table(reading: Reading, table: TableReading, source: Source, lexicon: Lexicon) -> None:
    reading.shared += table.shared
    for record in table.records:
        reading.drafts.append(_from_record(record, source))


def _from_record(record: Record, source: Source) -> Draft:
    spot = record.name_spot or (record.spots[0] if record.spots else None)
    evidence = (spot.evidence,) if spot and record.name else ()
    return Draft(record.name, evidence, [one for one in record.spots if one.slot is not Slot.FULL_NAME])


def _named(scan: Scan, writer: Writer, scanner: Scanner) -> list[_Named]:
    """Everybody in the text who may be an applicant, in order."""
    lexicon = scanner.lexicon
    labelled = [spot for spot in scan.spots if spot.slot is Slot.FULL_NAME]
    found = [
        _Named(spot.value, spot.start, spot.end, True, True, writer.is_called(spot.value, lexicon)) for spot in labelled
    ]
    for role in scan.roles:
        hit = role.name
        if role.role in {Role.JEGYZO, Role.ADDRESSEE, Role.OTHER}:
            continue
        if any(one.start <= hit.start < one.end and same_person(one.name, hit.name, lexicon) for one in found):
            continue
        in_label = any(one.start <= hit.start < one.end for one in found)
        is_writer = role.role is Role.WRITER or writer.is_called(hit.name, lexicon)
        sure = role.role is Role.APPLICANT or role.in_data or role.role is Role.WRITER or in_label
        found.append(_Named(hit.name, hit.start, hit.end, in_label, sure, is_writer))
    return sorted(found or _in_small_letters(scan, writer, lexicon), key=lambda one: one.start)


def _in_small_letters(scan: Scan, writer: Writer, lexicon: Lexicon) -> list[_Named]:
    """Names without capitals: behind "nevem", before "vagyok", alone on a line, or the writer's own."""
    text = scan.text
    windows = [(*match.span("after" if match["after"] else "before"), True) for match in _CUED.finditer(fold(text))]
    for match in _LINE_HEAD.finditer(text):
        if 2 <= len(match.group().split()) <= LINE_NAME_WORDS:
            windows.append((*match.span(), False))
    for start, end, cued in windows:
        if not any(nominative(word, lexicon) for word in text[start:end].split()):
            continue
        for hit in find_names(text[start:end], lexicon, any_case=True)[:1]:
            is_writer = cued or writer.is_called(hit.name, lexicon)
            return [_Named(hit.name, start + hit.start, start + hit.end, False, True, is_writer)]
    return []


def _chosen(named: list[_Named], scan: Scan, *, both: bool) -> list[_Named]:
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


def _is_one_of(one: _Named, others: list[_Named]) -> bool:
    return any(set(fold(one.name).split()) & set(fold(other.name).split()) for other in others)


def _has_data(one: _Named, scan: Scan) -> bool:
    """Does an address or a wish stand on the line of the name?"""
    start, end = _line_of(one, scan.text)
    return any(spot.slot in {Slot.EMAIL, Slot.MODULES} and start <= spot.start < end for spot in scan.spots)


def _is_listed(one: _Named, others: list[_Named], scan: Scan) -> bool:
    """Is the name an item of the same list as one of the others?"""
    marks = [_MARK.match(scan.text, _line_of(named, scan.text)[0]) for named in (one, *others)]
    return bool(marks[0]) and any(marks[1:])


def _line_of(one: _Named, text: str) -> tuple[int, int]:
    end = text.find("\n", one.end)
    return text.rfind("\n", 0, one.start) + 1, len(text) if end < 0 else end


def _distinct(named: list[_Named], lexicon: Lexicon) -> list[list[_Named]]:
    """The places of each person, in the order in which the people come."""
    people: list[list[_Named]] = []
    for one in sorted(named, key=lambda one: one.start):
        same = next(
            (places for places in people if any(same_person(place.name, one.name, lexicon) for place in places)), None
        )
        if same is None:
            people.append([one])
        else:
            same.append(one)
    return people


def _draft(places: list[_Named], spots: list[Spot], source: Source) -> Draft:
    best = max(places, key=lambda one: (one.labelled, len(one.name)))
    text = source.part.text
    evidence = tuple(
        Evidence(source.index, one.start, one.end, text[one.start : one.end].strip(), source.part.source)
        for one in places[:3]
    )
    return Draft(best.name, evidence, list(spots), any(one.sure for one in places), any(one.writer for one in places))
