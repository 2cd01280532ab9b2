"""Which of an answer's values is whose: by the names beside them, short ones too ("Annáé: …"), else for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rules.model import Evidence, Field, Origin
from rules.reading.emails import hand_over
from rules.reading.labels import Slot
from rules.reading.layout import Anchor, add_what_comes_on_top, lay_out
from rules.reading.lexicon import Lexicon
from rules.reading.name_forms import nominative
from rules.reading.names import same_person
from rules.reading.people import read_text
from rules.reading.prose import Role
from rules.reading.short_names import find_short_names
from rules.reading.spots import Scan, Scanner, Spot
from rules.reading.writer import Writer
from rules.text import fold

_OWNED = re.compile(r"(?<!\w)[A-ZÁÉÍÓÖŐÚÜŰ][a-záéíóöőúüű]+[áéőóe]?é(?!\w)")
NOBODY = frozenset({Role.JEGYZO, Role.ADDRESSEE})


@dataclass(slots=True)
class Shares:
    """The values of each person, and those that stand for nobody in particular."""

    own: list[list[Spot]]
    shared: list[Spot] = field(default_factory=list)


def share_out(
    scans: Sequence[tuple[Scan, Sequence[Spot]]], names: Sequence[str], writer: Writer, scanner: Scanner
) -> Shares:
    """Each scan's values, and the bare ones beside them, given to the people called `names` ("" unknown)."""
    shares = Shares([[] for _ in names])
    for scan, bare in scans:
        if scan.source.part.tables:
            _from_tables(shares, scan, names, writer, scanner)
            continue
        values = [spot for spot in (*scan.spots, *bare) if spot.slot is not Slot.FULL_NAME]
        anchors = _anchors(scan, names, scanner.lexicon)
        if not anchors and len(names) > 1:
            shares.shared += values
            continue
        layout = lay_out(scan.text, anchors, values, len(names))
        add_what_comes_on_top(scan.text, layout)
        for own, found in zip(shares.own, layout.own, strict=True):
            own.extend(found)
        shares.shared += layout.shared
    hand_over(shares.own, names, scanner.lexicon)
    _in_their_order(shares)
    return shares


def named_in(scan: Scan, bare: Iterable[Spot]) -> list[Field[str]]:
    """The full names that a text gives to anybody but the jegyző or whom it greets, labelled and bare ones first."""
    spots = [spot for spot in (*scan.spots, *bare) if spot.slot is Slot.FULL_NAME]
    found = [Field(spot.value, (spot.evidence,), Origin.OWN) for spot in spots]
    held = {fold(one.value) for one in found}
    for role in scan.roles:
        hit = role.name
        if role.role not in NOBODY and fold(hit.name) not in held:
            seen = Evidence(scan.source.index, hit.start, hit.end, scan.text[hit.start : hit.end])
            certainty = 1.0 if role.role in {Role.APPLICANT, Role.WRITER} or role.in_data else 0.5
            found.append(Field(hit.name, (seen,), Origin.OWN, certainty))
            held.add(fold(hit.name))
    return found


def _from_tables(shares: Shares, scan: Scan, names: Sequence[str], writer: Writer, scanner: Scanner) -> None:
    """A table's rows belong to whom they name; rows without names to the people in their order."""
    reading = read_text(scan, writer, scanner)
    for at, draft in enumerate(reading.drafts):
        called = [index for index, name in enumerate(names) if name and draft.name and _same(name, draft.name, scanner)]
        place = called[0] if called else at
        if called or (not draft.name and place < len(names)):
            shares.own[place] += draft.spots
    shares.shared += reading.shared


def _same(name: str, other: str, scanner: Scanner) -> bool:
    return same_person(name, other, scanner.lexicon)


def _anchors(scan: Scan, names: Sequence[str], lexicon: Lexicon) -> list[Anchor]:
    """Where each of the people is named, by full name, given name, or as an owner ("Béláé")."""
    places = [(role.name.name, role.name.start, role.name.end) for role in scan.roles]
    places += [(spot.value, spot.start, spot.end) for spot in scan.spots if spot.slot is Slot.FULL_NAME]
    anchors = {
        (start, end): Anchor(number, start, end)
        for name, start, end in places
        for number, known in enumerate(names)
        if known and same_person(known, name, lexicon)
    }
    found = list(anchors.values())
    short = find_short_names(scan.text, names, found, lexicon) if len(names) > 1 else []
    return [*found, *short, *(_owners(scan.text, names, lexicon) if len(names) > 1 else ())]


def _owners(text: str, names: Sequence[str], lexicon: Lexicon) -> list[Anchor]:
    """ "Annáé", "Béláé", "Évié": the one thing that is somebody's."""
    found = []
    for match in _OWNED.finditer(text):
        stem = match.group()[:-1]
        calls = {fold(stem), fold(nominative(stem, lexicon) or "")}
        called = [number for number, name in enumerate(names) if calls & set(fold(name).split()[1:])]
        if len(called) == 1:
            found.append(Anchor(called[0], match.start(), match.end()))
    return found


def _in_their_order(shares: Shares) -> None:
    """Several values that stand for nobody, as many as the people who have none: theirs, in this order."""
    for slot in (Slot.PIR, Slot.EMAIL):
        loose = list({spot.value: spot for spot in shares.shared if spot.slot is slot}.values())
        without = [own for own in shares.own if not any(spot.slot is slot for spot in own)]
        if len(loose) > 1 and len(loose) == len(without):
            for own, spot in zip(without, loose, strict=True):
                own.append(spot)
            shares.shared = [spot for spot in shares.shared if spot.slot is not slot]
