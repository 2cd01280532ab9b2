"""Who writes, and for whom: herself, a colleague, both (policy.md §2: whose name and address may stand in)."""

from __future__ import annotations

from dataclasses import dataclass

from rules.catalogue import Catalogue
from rules.model import Address, Evidence, Message, PartKind
from rules.personal_address import judge_address
from rules.reading.jegyzo import says_jegyzo
from rules.reading.lexicon import Lexicon, lexicon_of
from rules.reading.names import find_names, name_key, read_display_name, read_name, same_person
from rules.reading.phrases import find_phrases
from rules.reading.prose import Role, find_roles
from rules.reading.sources import Source
from rules.text import fold


@dataclass(frozen=True, slots=True)
class Writer:
    """The one who says "I": the address, and the full name with where it was seen ("" where none is given)."""

    address: Address | None
    name: str = ""
    evidence: Evidence | None = None
    signed: str = ""

    def is_called(self, name: str, lexicon: Lexicon) -> bool:
        """Is `name` the writer's, by text, signature or display name?"""
        return any(known and same_person(known, name, lexicon) for known in (self.name, self.signed))

    def spelling_of(self, name: str, lexicon: Lexicon) -> str:
        """`name`; where it is typed without accents or capitals, as the writer spells it in signature or header."""
        if not (name.isascii() or name.islower()):
            return name
        key = name_key(name, lexicon)
        known = [one for one in (self.name, self.signed) if name_key(one, lexicon) == key and not one.islower()]
        return next((one for one in known if not one.isascii()), known[0] if known and name.islower() else name)


@dataclass(frozen=True, slots=True)
class ForWhom:
    """Does the text ask for the writer's own access, speak of others, want none for the writer, ask for both?

    `own` also where nothing is said of it; `myself` only where the writer speaks of himself, `plainly_own`
    where he says that it is for him.
    """

    own: bool
    others: bool
    not_own: bool
    both: bool = False
    myself: bool = False
    plainly_own: bool = False


def read_writer(message: Message, source: Source, catalogue: Catalogue) -> Writer:
    """Who writes `source`: the name as the text gives it, else as signed, else the display name."""
    lexicon = lexicon_of(catalogue)
    address = source.writer
    shown = _shown(address, catalogue) if address else ""
    signed, signed_at = _signed(message, source, lexicon)
    said = [role.name for role in find_roles(source.part.text, lexicon) if role.role is Role.WRITER]
    if said:
        hit = said[0]
        found = Evidence(source.index, hit.start, hit.end, source.part.text[hit.start : hit.end], source.part.source)
        return Writer(address, hit.name, found, signed or shown)
    if signed and (not shown or same_person(signed, shown, lexicon)):
        return Writer(address, signed, signed_at, shown or signed)
    if shown:
        return Writer(
            address, shown, Evidence(-1, 0, len(shown), address.name if address else "", "from"), signed or shown
        )
    return _closing_clerk(source, catalogue, lexicon)


def _shown(address: Address, catalogue: Catalogue) -> str:
    """The name in the address header; one without a known given name where the address spells it, too."""
    lexicon = lexicon_of(catalogue)
    shown = read_display_name(address.name, lexicon)
    if shown or not address.name:
        return shown
    name = read_name(address.name, lexicon)
    words = [fold(word) for word in name.split()]
    spelled = len(words) == len(address.name.split()) and all(word in fold(address.address) for word in words)
    strange = [word for word in words if word in lexicon.stops or word in lexicon.jobs or word in lexicon.places]
    if not spelled or strange or not judge_address(address.address, "", "", catalogue).personal:
        return ""
    return name


def _closing_clerk(source: Source, catalogue: Catalogue, lexicon: Lexicon) -> Writer:
    """The jegyző who writes from the post's own address and closes with the name: "dr. Kiss Béla / jegyző"."""
    address, text = source.writer, source.part.text
    if address and says_jegyzo(address, catalogue):
        for role in reversed(find_roles(text, lexicon)):
            if role.role is Role.JEGYZO and role.in_data:
                hit = role.name
                seen = Evidence(source.index, hit.start, hit.end, text[hit.start : hit.end], source.part.source)
                return Writer(address, hit.name, seen, hit.name)
    return Writer(address, "", None, "")


def read_for_whom(sources: tuple[Source, ...], catalogue: Catalogue) -> ForWhom:
    """For whom the counted texts ask."""
    said: set[str] = set()
    for source in sources:
        if source.part.kind in {
            PartKind.TEXT,
            PartKind.SUBJECT,
            PartKind.FORWARDED,
            PartKind.QUOTED,
            PartKind.ATTACHMENT,
        }:
            said |= {hit.name for hit in find_phrases(source.part.text, catalogue.words, CUES)}
    return ForWhom(
        own=_weightier("for_myself", "speak_of_myself", "for_others", "speak_of_others", said),
        others=bool(said & {"for_others", "speak_of_others", "for_several"}),
        not_own="not_for_myself" in said,
        both="for_both" in said,
        plainly_own="for_myself" in said and not said & {"for_others", "speak_of_others", "for_several"},
        myself=bool(said & {"for_myself", "speak_of_myself"}),
    )


CUES = ("for_myself", "speak_of_myself", "for_others", "speak_of_others", "for_several", "not_for_myself", "for_both")


def _weightier(own: str, own_weak: str, others: str, others_weak: str, said: set[str]) -> bool:
    """Is it for the writer? A plain word for either side weighs more than a mere mention of either."""
    if own in said:
        return True
    if others in said or "for_several" in said:
        return False
    return own_weak in said or others_weak not in said


def _signed(message: Message, source: Source, lexicon: Lexicon) -> tuple[str, Evidence | None]:
    """The first full name in the signature that belongs to `source`."""
    for index, part in enumerate(message.parts):
        theirs = part.sender.address if part.sender else (message.from_[0].address if message.from_ else "")
        if part.kind is not PartKind.SIGNATURE or (source.writer and theirs != source.writer.address):
            continue
        for hit in find_names(part.text, lexicon):
            evidence = Evidence(index, hit.start, hit.end, part.text[hit.start : hit.end], part.source)
            return hit.name, evidence
    return "", None
