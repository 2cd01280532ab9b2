"""Everything a text holds that may be a field's value, found by the finders and told apart by the labels around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.model import Part, PartKind
from rules.reading.around_labels import allowed, doubled, in_name, speaks, without_doubles
from rules.reading.county import begins_with_county, find_counties, may_name_county, mend_county
from rules.reading.email_address import find_emails
from rules.reading.labelled import Entry, find_entries
from rules.reading.labels import Slot
from rules.reading.lexicon import Lexicon, lexicon_of
from rules.reading.modules import find_modules
from rules.reading.municipality import find_municipalities
from rules.reading.name_forms import nominative
from rules.reading.names import find_names, read_name
from rules.reading.pir import find_pirs
from rules.reading.prose import NamedRole, find_roles
from rules.reading.sources import Source
from rules.reading.spot import Spot, county_spot, email_spot, make_spot, module_spots, pir_spot, place_spot
from rules.reading.stretches import Stretches
from rules.reading.ticks import only_chosen
from rules.reading.torn_address import goes_on_to
from rules.reading.wishes_in_data import SEGMENT, find_wishes_in_data
from rules.recurring import REMEMBERED, SHORT

__all__ = ["Scan", "Scanner", "Spot", "unwrapped"]

MOST = 3000  # values of one kind of finding in one text; more is no request
BARE_COUNTY = 0.3
LONGEST_COUNTY = 32
_OTHER_DATA = re.compile(r"[\w.]@[\w]|\d{6}")
_WRAP = re.compile(  # the line end first: that is what the engine can jump to
    r"\n(?:(?<=[-–]\n)(?=[^\W\d_])|(?<=[^\n]{58}\n)(?<=[^\s.!?:;]\n)(?=[a-záéíóöőúüű])"
    r"|(?<=[^\s.!?:;,]\n)(?=teljes|modul|szakrendszer|tananyag))"
)
_AN_ADDRESS = re.compile(r"\s*[<(]?[\w.+-]+@[\w-]")
_ADDRESSES = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Scan:
    """One source with all that was found in it."""

    source: Source
    entries: tuple[Entry, ...]
    spots: tuple[Spot, ...]
    roles: tuple[NamedRole, ...]

    @property
    def text(self) -> str:
        return self.source.part.text


class Scanner:
    """Finds the spots of texts, labelled values and cells of one mail with one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.lexicon: Lexicon = lexicon_of(catalogue)
        self._scans: dict[int, Scan] = {}  # by the source's identity: each Scan keeps its source alive

    def scan(self, source: Source) -> Scan:
        """All spots of a source, in order; what a label announces otherwise is left out.

        A signature wishes for nothing (policy.md §2): no modules are sought in it but under a label.
        """
        known = self._scans.get(id(source))
        if known is None:
            part = source.part
            if len(part.text) <= SHORT:  # a subject mostly, and most of them are written again and again
                known = _scan_short(source.index, part.kind, part.text, part.source, self.catalogue)
                known = Scan(source, known.entries, known.spots, known.roles)
            else:
                known = self._scan(source)
            self._scans[id(source)] = known
        return known

    def _scan(self, source: Source) -> Scan:
        text = source.part.text
        found = find_entries(text, self.catalogue.words)[:MOST]
        entries = tuple(_cut(entry, text) for entry in found if not self._is_sentence(entry, text))
        labelled = [spot for entry in entries for spot in self.read_entry(source, entry)][:MOST]
        announced, held = Stretches(entries), Stretches(labelled)
        every = find_roles(text, self.lexicon)[:MOST]
        names = Stretches(role.name for role in every)
        loose = [
            spot
            for spot in self._read(source, 0, len(text))[:MOST]
            if allowed(spot, announced) and not doubled(spot, held) and not in_name(spot, names)
        ]
        roles = tuple(role for role in every if speaks(role, announced))
        if source.part.kind is not PartKind.SIGNATURE:
            loose += find_wishes_in_data(source, [*labelled, *loose], roles, self.catalogue)
        return Scan(source, entries, tuple(sorted([*labelled, *loose], key=lambda spot: spot.start)), roles)

    def _is_sentence(self, entry: Entry, text: str) -> bool:
        """ "…regisztrációját az adó tananyaghoz: kis.pal@…": the words before the colon announce no modules."""
        value = text[entry.start : entry.end]
        if entry.slots == {Slot.FULL_NAME} and _AN_ADDRESS.match(value):  # "Új dolgozónk: kis.pal@…"
            return True
        if entry.slots != {Slot.MODULES} or not _OTHER_DATA.search(value):
            return False
        names_somebody = any(not value[: name.start].strip(" -–•\n") for name in find_names(value, self.lexicon))
        return names_somebody or not find_modules(unwrapped(value), self.catalogue, in_field=True).hits

    def is_given(self, word: str) -> bool:
        """Is the word a given name or an everyday form of one?"""
        return nominative(word, self.lexicon) is not None

    def read_entry(self, source: Source, entry: Entry) -> list[Spot]:
        """The values of a labelled stretch: those that its label announces."""
        text = source.part.text[entry.start : entry.end]
        if not text.strip(" \t\n.…_:–—-"):
            return []
        spots = [spot._replace(labelled=True) for slot in entry.slots for spot in self._in_field(source, slot, entry)]
        return without_doubles(spots)

    def read_cell(self, source: Source, start: int, end: int) -> list[Spot]:
        """The values of a cell without a label; a single sign is none."""
        return self._read(source, start, end) if end - start > 1 else []

    def _read(self, source: Source, start: int, end: int) -> list[Spot]:
        """What stands unlabelled in a stretch of text."""
        text = source.part.text[start:end]
        spots = [pir_spot(source, start, hit) for hit in find_pirs(text)]
        spots += [email_spot(source, start, hit) for hit in find_emails(text, self.catalogue)]
        spots += [place_spot(source, start, hit) for hit in find_municipalities(text, self.catalogue)]
        spots += [county_spot(source, start, hit) for hit in find_counties(text, self.catalogue)]
        spots += self._bare_counties(source, start, end, spots)
        if source.part.kind is not PartKind.SIGNATURE:
            spots += module_spots(source, start, find_modules(_chosen_words(text), self.catalogue))
        return spots

    def _in_field(self, source: Source, slot: Slot, entry: Entry) -> list[Spot]:  # noqa: PLR0911  # a line a slot
        """What a label's value gives for one slot."""
        start, text = entry.start, source.part.text[entry.start : entry.end]
        match slot:
            case Slot.FULL_NAME:
                name = read_name(text, self.lexicon)
                return [make_spot(source, slot, name, start, start + _reach(text, name))] if name else []
            case Slot.PIR | Slot.TAX:
                return self._pirs_in_field(source, entry)
            case Slot.MUNICIPALITY:
                return [
                    place_spot(source, start, hit) for hit in find_municipalities(text, self.catalogue, in_field=True)
                ]
            case Slot.COUNTY:
                counties = find_counties(text, self.catalogue, in_field=True) or mend_county(text, self.catalogue)
                return [county_spot(source, start, hit) for hit in counties]
            case Slot.EMAIL:
                whole = source.part.text
                text = whole[start : goes_on_to(whole, start, entry.end)]
                hits = find_emails(text, self.catalogue, in_field=True, whole=whole)
                return [email_spot(source, start, hit) for hit in hits]
            case Slot.MODULES:
                return module_spots(source, start, find_modules(_chosen_words(text), self.catalogue, in_field=True))
            case _:
                return []

    def _pirs_in_field(self, source: Source, entry: Entry) -> list[Spot]:
        """Read behind its own label, so that "PIR: 73 4125" is a labelled number even in a table's cell."""
        text = source.part.text
        line = text.rfind("\n", 0, entry.label) + 1  # what stands before the label says whose number it is
        hits = [hit for hit in find_pirs(text[line : entry.end]) if line + hit.end > entry.start]
        if any(hit.labelled for hit in hits):
            return [pir_spot(source, line, hit) for hit in hits]
        said = "adószám: " if entry.slots == {Slot.TAX} else "PIR: "
        found = find_pirs(said + text[entry.start : entry.end])
        return [pir_spot(source, entry.start - len(said), hit) for hit in found]

    def _bare_counties(self, source: Source, start: int, end: int, found: list[Spot]) -> list[Spot]:
        """Counties that stand alone between separators: "(Tolna)", "…, Fejér, …"; the least sure of all."""
        text = source.part.text[start:end]
        if not may_name_county(text, self.catalogue):
            return []
        spots = []
        counties = Stretches(spot for spot in found if spot.slot is Slot.COUNTY)
        for match in SEGMENT.finditer(text):
            if len(match.group()) >= LONGEST_COUNTY or not begins_with_county(match.group(), self.catalogue):
                continue
            hits = find_counties(match.group(), self.catalogue, in_field=True)
            if hits and match.group().strip(" .\t") == hits[0].excerpt.strip(" ."):
                spot = county_spot(source, start + match.start(), hits[0])
                if not counties.over(spot.start, spot.start + 1):
                    spots.append(spot._replace(rank=BARE_COUNTY))
        return spots


@lru_cache(maxsize=REMEMBERED // 2)
def _scan_short(index: int, kind: PartKind, text: str, name: str, catalogue: Catalogue) -> Scan:
    """The scan of a short text, whoever wrote it: nothing in it depends on that."""
    return Scanner(catalogue)._scan(Source(index, Part(kind, text, name), None))


def _cut(entry: Entry, text: str) -> Entry:
    """A label of an address holds for the addresses behind it: "E-mail: kis.pal@…. PIR 740373, Zala megye"."""
    if not entry.slots <= {Slot.EMAIL, Slot.CONTACT}:
        return entry
    last = max((match.end() for match in _ADDRESSES.finditer(text, entry.start, entry.end)), default=entry.end)
    return entry._replace(end=last)


def unwrapped(text: str) -> str:
    """`text` with line ends inside a wish made blanks ("Irat -⏎Iktató", "gazdálkodás⏎teljes"); the same length."""
    return _WRAP.sub(" ", text)


def _chosen_words(text: str) -> str:
    """`text` as module wishes are read in it: choices that were not made are blank; the same length."""
    return unwrapped(only_chosen(text))


def _reach(value: str, name: str) -> int:
    """Where in a label's value the name ends that was read from it."""
    last = name.rsplit(maxsplit=1)[-1][:-1]  # its ending may have been cut
    at = value.find(last)
    return len(value) if at < 0 else at + len(last) + 1
