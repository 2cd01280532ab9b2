"""Which of an answer's values is whose: by the names beside them, short ones too ("Annáé: …"), else for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rules.model import Evidence, Field, Origin
from rules.reading.applicants import find_named
from rules.reading.emails import hand_over, is_like
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
_SAME = re.compile(
    r"[a-z]{0,4}[\s:,–-]{0,5}(?:pedig\s|is\s|eseteben\s|reszere\s|szamara\s){0,2}(?:a\s|az\s)?"
    r"(?:ugyan(?:az|ez|ugy|ott|itt|oda|igy|csak|olyan|ilyen)|detto|dto|szint(?:en|ugy)|u\.?\s?a\.|ua\b|hasonlo|idem)"
)
_REPEATED = frozenset({Slot.MODULES, Slot.MUNICIPALITY, Slot.COUNTY, Slot.PIR})
BY_THE_WAY = 0.25
NOBODY = frozenset({Role.JEGYZO, Role.ADDRESSEE})


@dataclass(frozen=True, slots=True)
class Debtor:
    """One of the people: the name ("" unknown), what our letter asked of him, where he works; `new` to the case."""

    name: str
    owes: frozenset[Slot]
    municipality: str = ""
    new: bool = False


@dataclass(slots=True)
class Shares:
    """The values of each person, and those that stand for nobody in particular."""

    own: list[list[Spot]]
    shared: list[Spot] = field(default_factory=list)

    def for_all(self, owes: frozenset[Slot], owed: frozenset[Slot]) -> list[Spot]:
        """What stands for nobody and concerns one who `owes` this, where the people together owe `owed`.

        The bare answer to a question is for those who were asked; what nobody was asked concerns all.
        """
        return [spot for spot in self.shared if _kind(spot) in owes or _kind(spot) not in owed]


def share_out(
    scans: Sequence[tuple[Scan, Sequence[Spot]]], debtors: Sequence[Debtor], writer: Writer, scanner: Scanner
) -> Shares:
    """Each scan's values, and the bare ones beside them, given to the people."""
    names = [one.name for one in debtors]
    shares = Shares([[] for _ in names])
    for scan, bare in scans:
        if scan.source.part.tables:
            _from_tables(shares, scan, names, writer, scanner)
            continue
        values = [spot for spot in (*scan.spots, *bare) if spot.slot is not Slot.FULL_NAME]
        anchors = anchors_of(scan, names, scanner.lexicon) or _by_place(scan, debtors)
        if anchors and [one.new for one in debtors] == [False, True] and all(one.person for one in anchors):
            anchors.append(Anchor(0, 0, 0))  # before the new one is named, the answer speaks of the case's only person
        if not anchors and len(names) > 1:
            shares.shared += values
            continue
        layout = lay_out(scan.text, anchors, values, len(names))
        _repeat(layout.own, scan.text, anchors, debtors)
        add_what_comes_on_top(scan.text, layout)
        for own, found in zip(shares.own, layout.own, strict=True):
            own.extend(found)
        shares.shared += layout.shared
    hand_over(shares.own, names, scanner.lexicon)
    _to_debtors(shares, debtors, scanner.lexicon)
    _to_colleagues(shares, debtors)
    return shares


def _repeat(own: Sequence[list[Spot]], text: str, anchors: Sequence[Anchor], debtors: Sequence[Debtor]) -> None:
    """ "Kis Béla: ugyanaz", "Béla szintén": what was said of the one before, but his address, holds for him."""
    ordered = sorted(anchors, key=lambda one: one.start)
    for before, anchor in pairwise(ordered):
        stop = min([one.start for one in ordered if one.start > anchor.start], default=len(text))
        if before.person == anchor.person or not _SAME.match(fold(text[anchor.end : stop])):
            continue
        has = {spot.slot for spot in own[anchor.person]}
        wants = debtors[anchor.person].owes & _REPEATED - has
        own[anchor.person].extend(spot for spot in own[before.person] if _kind(spot) in wants)


def named_in(scan: Scan, bare: Iterable[Spot], writer: Writer, lexicon: Lexicon) -> list[Field[str]]:
    """The full names that a text gives to anybody but the jegyző or whom it greets, labelled and bare ones first.

    Certainty 1 where somebody is plainly asked for, less where he is only named, BY_THE_WAY where he writes.
    """
    spots = [spot for spot in (*scan.spots, *bare) if spot.slot is Slot.FULL_NAME]
    found = [Field(_spelled(spot.value), (spot.evidence,), Origin.OWN) for spot in spots]
    nobody = {role.name.start for role in scan.roles if role.role in NOBODY}
    held = {fold(one.value) for one in found}
    for one in find_named(scan, writer, lexicon):
        if one.name and one.start not in nobody and fold(one.name) not in held:
            seen = Evidence(scan.source.index, one.start, one.end, scan.text[one.start : one.end])
            sure = BY_THE_WAY if one.writer else 1.0 if one.sure else 0.5
            found.append(Field(_spelled(one.name), (seen,), Origin.OWN, sure))
            held.add(fold(one.name))
    return found


def _spelled(name: str) -> str:
    return name.title() if name.islower() else name


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


def anchors_of(scan: Scan, names: Sequence[str], lexicon: Lexicon) -> list[Anchor]:
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


def _by_place(scan: Scan, debtors: Sequence[Debtor]) -> list[Anchor]:
    """Where people are told apart by their settlements: "Lenti: …, Zalaegerszeg: …"."""
    places = [one.municipality for one in debtors]
    folded = fold(scan.text)
    return [
        Anchor(number, match.start(), match.end())
        for number, place in enumerate(places)
        if place and places.count(place) == 1
        for match in re.finditer(rf"(?<!\w){re.escape(fold(place))}[a-z]{{0,4}}(?!\w)", folded)
    ]


def _to_debtors(shares: Shares, debtors: Sequence[Debtor], lexicon: Lexicon) -> None:
    """Values that stand for nobody, as many as the people who owe one and name none: theirs, by name or in order."""
    for slot in (Slot.PIR, Slot.EMAIL):
        loose = list({spot.value: spot for spot in shares.shared if spot.slot is slot}.values())
        without = [
            number
            for number, one in enumerate(debtors)
            if slot in one.owes and not any(spot.slot is slot for spot in shares.own[number])
        ]
        if loose and len(loose) == len(without):
            for number in without:
                shares.own[number].append(loose.pop(_likest(loose, debtors[number].name, lexicon)))
            shares.shared = [spot for spot in shares.shared if spot.slot is not slot]


def _to_colleagues(shares: Shares, debtors: Sequence[Debtor]) -> None:
    """A PIR told of one is his office's: it holds for those of the same settlement who owe one and are given none."""
    for own, one in list(zip(shares.own, debtors, strict=True)):
        told = [spot for spot in own if spot.slot is Slot.PIR]
        for other, debtor in zip(shares.own, debtors, strict=True):
            same = one.municipality and one.municipality == debtor.municipality and Slot.PIR in debtor.owes
            if told and same and not any(spot.slot is Slot.PIR for spot in other):
                other.append(told[0])


def _likest(spots: Sequence[Spot], name: str, lexicon: Lexicon) -> int:
    """The place of the address that spells `name`, else of the first value."""
    return next((at for at, spot in enumerate(spots) if name and is_like(spot.value, name, lexicon)), 0)


def _kind(spot: Spot) -> Slot:
    return Slot.PIR if spot.slot is Slot.TAX else spot.slot
