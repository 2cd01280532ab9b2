"""What in a mail could be a value of which field: every hit of the rules' finders, for a person to take. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.catalogue import Catalogue
from rules.model import Address, Message, PartKind
from rules.reading.county import find_counties
from rules.reading.email_address import find_emails
from rules.reading.lexicon import lexicon_of
from rules.reading.modules import find_modules
from rules.reading.municipality import How, find_municipalities
from rules.reading.names import find_names, read_display_name
from rules.reading.pir import find_pirs

READ_CHARS = 60_000  # of all parts together: what the rules read, and about as much quoted
MOST = 300  # of one mail
VAGUE = frozenset({How.BARE, How.DATELINE})  # "Tiszacsege, 2026. november 23." names no employer


@dataclass(frozen=True, slots=True)
class Candidate:
    """`start`–`end` of part `part` may be the value `value` of the field `field`.

    For modules `value` is one or more ProBono identifiers separated by blanks. In a header (`part` -1) `source` names
    it, and `end` is 0.
    """

    part: int
    start: int
    end: int
    field: str
    value: str
    source: str = ""


def find_candidates(message: Message, catalogue: Catalogue) -> list[Candidate]:
    """Everything that could be taken from the mail: its people first, then its parts in their order."""
    found = list(_of_people(message, catalogue))
    left = READ_CHARS
    for number, part in enumerate(message.parts):
        text = part.text[:left]
        left -= len(text)
        kept = sorted(_of_text(text, number, catalogue, in_subject=part.kind is PartKind.SUBJECT), key=_place)
        found += kept
        if len(found) >= MOST:
            break
    return found[:MOST]


def distinct(candidates: list[Candidate]) -> list[Candidate]:
    """One of each value, where it first stands; for a list to choose from."""
    found: dict[tuple[str, str], Candidate] = {}
    for one in candidates:
        found.setdefault((one.field, one.value), one)
    return list(found.values())


def _place(one: Candidate) -> tuple[int, int]:
    return one.start, -one.end


def _of_people(message: Message, catalogue: Catalogue) -> Iterator[Candidate]:
    """The addresses of the header and the names beside them."""
    people = (("from", message.from_), ("reply-to", message.reply_to), ("cc", message.cc), ("to", message.to))
    for source, addresses in people:
        for one in addresses[:50]:
            yield from _of_address(one, source, catalogue)


def _of_address(one: Address, source: str, catalogue: Catalogue) -> Iterator[Candidate]:
    name = read_display_name(one.name[:200], lexicon_of(catalogue)) if one.name else ""
    if name:
        yield Candidate(-1, 0, 0, "full_name", name, source)
    if "@" in one.address:
        yield Candidate(-1, 0, 0, "email", one.address, source)


def _of_text(text: str, part: int, catalogue: Catalogue, *, in_subject: bool) -> Iterator[Candidate]:
    for mail in find_emails(text, catalogue):
        yield Candidate(
            part, mail.start, mail.end, "email", mail.value if mail.valid else mail.suggestion or mail.value
        )
    for number in find_pirs(text):
        value = number.value if number.valid else number.likely
        if value:
            yield Candidate(part, number.start, number.end, "pir", value)
    for place in find_municipalities(text, catalogue):
        if place.how not in VAGUE:
            yield Candidate(part, place.start, place.end, "municipality", place.value)
    for county in find_counties(text, catalogue):
        yield Candidate(part, county.start, county.end, "county", county.value)
    for wish in find_modules(text, catalogue).hits:
        if not wish.negated:
            yield Candidate(part, wish.start, wish.end, "modules", " ".join(wish.ids))
    if not in_subject:
        for name in find_names(text, lexicon_of(catalogue)):
            yield Candidate(part, name.start, name.end, "full_name", name.name)
