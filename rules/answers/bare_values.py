"""Bare values: what our letter asked for gives a line meaning that would be none in another mail ("Íme: 740746").

Only lines that hold little beside the value are read so; what the finders see anyway is not read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rules.answers.module_changes import without_slips
from rules.reading.county import find_counties
from rules.reading.labels import Slot
from rules.reading.modules import find_modules
from rules.reading.municipality import MunicipalityHit, find_municipalities
from rules.reading.names import find_names, read_name
from rules.reading.pir import find_pirs
from rules.reading.sources import Source
from rules.reading.spot import Spot, county_spot, make_spot, module_spots, pir_spot, place_spot
from rules.reading.spots import Scanner
from rules.text import fold

SHORTEST_COUNTY = 4  # letters of a county that is known in whatever case
SURE_SLIP = 7  # letters of a settlement that may be misspelt
LONGEST_LINE = 110  # characters of a line that may be nothing but values
MOST_WORDS = 4  # beside a bare name of a person or a place
_LEAD = re.compile(r"[^:\n@\d]{0,40}:[ \t]+(?=\S)")
_PIECE = re.compile(r"(?:(?!\s[-–—]\s|\s(?:és|valamint|illetve)\s)[^,;/|\t\n])+")
_NUMBER = re.compile(r"(?<![\w@./-])\d[\d .-]{3,8}\d(?![\w@/-]|[.-]\d)")
_NUMBERED = re.compile(r"(?<![\w.])\(?\d{1,2}[.)](?=\s*[^\W\d])(?!\s*(?:sor|pont|modul|szam|oszlop|helyen|tetel))")
_OTHER_NUMBER = re.compile(
    r"\b(?:tel|mobil|fax|iktat|ikt|ugyirat|ugyszam|szamla|hrsz|helyrajzi|irsz|iranyitosz|om|ksh|taj|krid|adoazon|szul"
    r"|datum|szoba|melleket?k?)\w*\W+(?:\w+\W+){0,2}$"
    r"|\b(?:ahti|bank|telepules|teruleti|postai?|belepesi|ugyfel|partner|szektor|szakfeladat|vonal|adat|mert|targy|olvaso)\w*"
    r"[- ]?kod\w*\W+$"
)
_BESIDE_PLACE = re.compile(
    r"(?:\W|\b(?:a|az|es|telepul|varos|kozseg|nagykozseg|onkormanyzat|onkorm|polgarmesteri|kozos|hivatal|munkahely|jaras"
    r"|kerulet|megye|varmegye|megyei|jogu|kirendeltseg|itt|mi|mienk|lenne|volna|lesz|igen|tehat)[a-z]{0,8}\b)*"
)
_POLITE = re.compile(
    r"\W*(?:tisztelt|kedves|jo (?:napot|reggelt|estet)|udv|szia|hello|koszon|tisztelettel|elore is|szep napot|dr)\b"
)


def find_bare(
    source: Source, asked: frozenset[Slot], found: frozenset[Slot], names: Sequence[str], scanner: Scanner
) -> list[Spot]:
    """The bare values in `source` of the kinds `asked` that are not among those `found` in it by themselves.

    What stands there of `names`, of those whom the case knows, is no value and passed over.
    """
    wanted = asked - found
    spots: list[Spot] = []
    source = replace(source, part=replace(source.part, text=_without(names, source.part.text)))
    at = 0
    for line in source.part.text.split("\n"):
        if line.strip() and len(line) <= LONGEST_LINE and not _POLITE.match(fold(line)):
            lead = _LEAD.match(line)
            start = at + (lead.end() if lead else 0)
            spots += _in_line(source, start, at + len(line), wanted, scanner)
            spots += _modules(source, at, at + len(line), wanted, scanner)
        at += len(line) + 1
    return [spot._replace(labelled=True) for spot in spots]


def _without(names: Sequence[str], text: str) -> str:
    """`text` with these names, full or given, in whatever case, made blanks."""
    called = {word for name in names for word in (name, *name.split()[1:]) if len(word) > 2}
    if not called:
        return text
    longest_first = "|".join(re.escape(one) for one in sorted(called, key=len, reverse=True))
    return re.sub(
        rf"(?<![\w@.])(?:{longest_first})[a-záéíóöőúüű]{{0,5}}(?![\w@.]\w)", lambda one: " " * len(one[0]), text
    )


def _in_line(source: Source, start: int, end: int, wanted: frozenset[Slot], scanner: Scanner) -> Iterator[Spot]:
    text = source.part.text[start:end]
    if Slot.PIR in wanted:
        for number in _NUMBER.finditer(text):
            line = source.part.text.rfind("\n", 0, start) + 1  # what stands before a lead-in says what the number is
            if not _OTHER_NUMBER.search(fold(source.part.text[line : start + number.start()])):
                yield from _number(source, start + number.start(), number.group())
    for piece in _PIECE.finditer(text):
        yield from _in_piece(source, start + piece.start(), piece.group(), wanted, scanner)


def _modules(source: Source, start: int, end: int, wanted: frozenset[Slot], scanner: Scanner) -> Iterator[Spot]:
    """The modules of a whole line, but for words that speak of a settlement ("a település Lenti" is no portal)."""
    text = _NUMBERED.sub(lambda one: ";".ljust(len(one[0])), source.part.text[start:end])
    if Slot.MODULES not in wanted or "@" in text or _is_job(text, scanner):
        return
    for spot in module_spots(
        source, start, without_slips(find_modules(text, scanner.catalogue, in_field=True), text, scanner.lexicon)
    ):
        if spot.known and not find_municipalities(text[spot.start - start :], scanner.catalogue):
            yield spot


def _is_job(text: str, scanner: Scanner) -> bool:
    """ "adóügyi ügyintéző" below a name says what somebody does, not what is wanted."""
    words = fold(text).strip(" \t-–—*•·.,").split()
    if len(words) < 2 or words[-1] not in scanner.lexicon.jobs or "irat" in fold(text):
        return False
    return words[-2].endswith("i") or not find_modules(words[-1], scanner.catalogue, in_field=True).hits


def _number(source: Source, start: int, text: str) -> Iterator[Spot]:
    """A number of the length of a PIR or a tax number, sound or not."""
    said = "PIR: "
    if len(re.sub(r"\D", "", text)) in {5, 6, 7, 8}:
        yield from (pir_spot(source, start - len(said), hit) for hit in find_pirs(said + text))


def _in_piece(source: Source, start: int, text: str, wanted: frozenset[Slot], scanner: Scanner) -> Iterator[Spot]:
    """A name, a settlement or a county that is nearly all of a piece of a line."""
    words = re.findall(r"[^\W\d_]+", text)
    if not 0 < len(words) <= MOST_WORDS + 2 or "@" in text:
        return
    name = _whole_name(text, scanner) if Slot.FULL_NAME in wanted and len(words) <= MOST_WORDS else ""
    if name:
        yield make_spot(source, Slot.FULL_NAME, name, start, start + len(text))
        return
    if Slot.COUNTY in wanted:
        counties = find_counties(text, scanner.catalogue, in_field=True)
        yield from (county_spot(source, start, hit) for hit in counties if _is_county(hit.excerpt, words))
    if Slot.MUNICIPALITY in wanted:
        places = find_municipalities(text, scanner.catalogue, in_field=True)
        yield from (place_spot(source, start, hit) for hit in places if hit.known and _is_place(hit, text))


def _is_county(written: str, words: Sequence[str]) -> bool:
    """A county's code among other words is one of these words: "van" is no Vas."""
    return len(written) >= SHORTEST_COUNTY or written.isupper() or len(words) == 1


def _is_place(hit: MunicipalityHit, text: str) -> bool:
    """Does the piece say nothing but where? In small letters, or one slip away, many a word is a village ("bocsi")."""
    written = fold(hit.excerpt)
    plain = written == fold(hit.value)
    beside = fold(text[: hit.start] + " " + text[hit.end :])
    if _BESIDE_PLACE.fullmatch(beside) is None:
        return False
    return plain if hit.excerpt[:1].islower() else plain or len(written) >= SURE_SLIP


def _whole_name(text: str, scanner: Scanner) -> str:
    """The full name that a piece is, in whatever case; "" where it is none or holds no given name."""
    hits = find_names(text, scanner.lexicon, any_case=True)
    name = read_name(text, scanner.lexicon) if hits else ""
    if name.islower():
        name = name.title()
    return name if len(name) >= len(" ".join(text.split()).strip(" .:-–•*")) - 4 else ""
