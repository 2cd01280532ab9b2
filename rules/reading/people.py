"""Who is to be registered, with what stands beside each: the people of one text, then of the whole mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rules.model import Evidence
from rules.reading.applicants import Named, choose_applicants, find_named
from rules.reading.cells import Record
from rules.reading.emails import hand_over
from rules.reading.labels import Slot
from rules.reading.layout import Anchor, add_what_comes_on_top, lay_out
from rules.reading.lexicon import Lexicon
from rules.reading.name_forms import adds_call_name
from rules.reading.names import same_person
from rules.reading.own_wishes import find_own_wishes
from rules.reading.short_names import find_short_names
from rules.reading.sources import Source
from rules.reading.spots import Scan, Scanner, Spot
from rules.reading.tables import TableReading, read_table
from rules.reading.writer import Writer


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


def read_text(scan: Scan, writer: Writer, scanner: Scanner, *, both: bool = False) -> Reading:
    """The people of one text with their values, tables first, then what stands around them.

    `both`: the mail says that it is for the writer and for others.
    """
    tables = [read_table(table, scan.source, scanner) for table in scan.source.part.tables]
    covered = [
        (table.start, table.end) for table, read in zip(scan.source.part.tables, tables, strict=True) if read.whole
    ]
    spots = [spot for spot in scan.spots if not _inside(spot.start, covered)]
    named = [one for one in find_named(scan, writer, scanner.lexicon) if not _inside(one.start, covered)]
    reading = Reading()
    for table in tables:
        _add_table(reading, table)
    people = choose_applicants(named, scan, scanner.lexicon, both=both)
    if len(people) == len(reading.drafts) == 1 and not reading.drafts[0].name:
        reading.shared += reading.drafts.pop().spots  # "Alulírott Kis Éva …" above a table of the other data
    elif reading.drafts:
        named = [one for one in named if one.labelled]
        people = choose_applicants(named, scan, scanner.lexicon, both=both)
    values = [spot for spot in spots if spot.slot is not Slot.FULL_NAME]
    if not people:
        reading.shared += values
        return reading
    anchors = [Anchor(number, one.start, one.end) for number, same in enumerate(people) for one in same]
    if len(people) > 1 or both:
        anchors += find_short_names(scan.text, [same[0].name for same in people], anchors, scanner.lexicon)
    if both and writer.name and not any(one.writer for same in people for one in same):
        wishing = list(find_own_wishes(scan.text, anchors, values, len(people)))
        anchors += wishing
        people += [[Named(writer.name, one.start, one.end, False, True, True) for one in wishing]] if wishing else []
    layout = lay_out(scan.text, anchors, values, len(people))
    hand_over(layout.own, [same[0].name for same in people], scanner.lexicon)
    add_what_comes_on_top(scan.text, layout)
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
            if _fullness(draft.name) > _fullness(known.name):
                known.name, known.evidence = draft.name, draft.evidence
    return merged


def join_halves(reading: Reading, *, own: bool) -> Reading:
    """One who is named, and a table of one person's data without a name: the same person, told in two places.

    Not so where both give the same kind of data, nor where the name is the writer's and he asks for others (not `own`).
    """
    named = [draft for draft in reading.drafts if draft.name]
    nameless = [draft for draft in reading.drafts if not draft.name]
    if len(named) != 1 or len(nameless) != 1 or (named[0].writer and not own):
        return reading
    one, other = named[0], nameless[0]
    if {spot.slot for spot in one.spots} & {spot.slot for spot in other.spots}:
        return reading
    return Reading([replace(one, spots=[*one.spots, *other.spots], sure=True)], reading.shared)


def drop_mentions(reading: Reading, *, for_writer: bool) -> Reading:
    """Leave out who is only mentioned, where others are plainly asked for; what stood beside them holds for all.

    `for_writer`: the writer is known and says that it is for himself; those only mentioned are then all left out.
    """
    plain = [draft for draft in reading.drafts if draft.sure]
    if for_writer and not any(draft.sure or draft.writer for draft in reading.drafts):
        return Reading([], [*reading.shared, *(spot for draft in reading.drafts for spot in draft.spots)])
    kept = plain or [draft for draft in reading.drafts if not draft.writer] or reading.drafts
    chosen = set(map(id, kept))
    spare = [spot for draft in reading.drafts if id(draft) not in chosen for spot in draft.spots]
    return Reading(kept, [*reading.shared, *spare])


def _inside(place: int, stretches: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in stretches)


def _add_table(reading: Reading, table: TableReading) -> None:
    reading.shared += table.shared
    for record in table.records:
        reading.drafts.append(_from_record(record))


def _from_record(record: Record) -> Draft:
    spot = record.name_spot or (record.spots[0] if record.spots else None)
    evidence = (spot.evidence,) if spot and record.name else ()
    return Draft(record.name, evidence, [one for one in record.spots if one.slot is not Slot.FULL_NAME])


def _fullness(name: str) -> tuple[bool, int]:
    """Of two ways to write a name the greater is the better one."""
    return not adds_call_name(name), len(name)


def _draft(places: list[Named], spots: list[Spot], source: Source) -> Draft:
    best = max(places, key=lambda one: (one.labelled, _fullness(one.name)))
    text = source.part.text
    evidence = tuple(
        Evidence(source.index, one.start, one.end, text[one.start : one.end].strip(), source.part.source)
        for one in places[:3]
    )
    return Draft(best.name, evidence, list(spots), any(one.sure for one in places), any(one.writer for one in places))
