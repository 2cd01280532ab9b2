"""Wishes that no label announces, among a person's data: "Nagy Éva, nagy.eva@…, iktató"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.catalogue import Catalogue
from rules.reading.email_address import find_emails
from rules.reading.labels import Slot
from rules.reading.lexicon import lexicon_of, words_of
from rules.reading.modules import find_modules
from rules.reading.prose import NamedRole
from rules.reading.sources import Source
from rules.reading.spot import Spot, email_spot, module_spots
from rules.reading.stretches import Stretches
from rules.reading.ticks import only_chosen
from rules.text import fold

LONGEST_WISH = 90
LONGEST_POST = 30  # characters behind a name up to the end of the post
LONGEST_LINE = 60  # of a line that is nothing but a wish, below a line of data
# What stands between separators: its words at a stretch, and each blank or colon where none of it is one.
SEGMENT = re.compile(r"(?:[^,;|()\n\t\[\]–\s:]+|(?!\s-\s)[^\S\n\t]|:(?! ))+")
_NO_AT = re.compile(r"\s*(?!www\.)[\w-]+\.[\w-]+\.(?:[\w-]+\.)*(?:hu|com|eu|net|org)\s*", re.I)


def find_wishes_in_data(
    source: Source, spots: list[Spot], roles: Iterable[NamedRole], catalogue: Catalogue
) -> list[Spot]:
    """Wishes that stand unannounced among a person's data: "Nagy Éva, nagy.eva@…, iktató"."""
    text = source.part.text
    found: list[Spot] = []
    at = 0
    above = False  # the line above held data
    read, known = Stretches(spots), Stretches(role.name for role in roles if role.in_data)
    for line in text.split("\n"):
        end = at + len(line)
        here = read.over(at, end)
        named = known.over(at, end)
        data = bool(named) or any(spot.slot in {Slot.EMAIL, Slot.PIR} for spot in here)
        worthwhile = data or above or here or line.count(".") > 1  # else there is nothing below that could fit
        for match in SEGMENT.finditer(text, at, end) if worthwhile else ():
            if _NO_AT.fullmatch(match.group()):
                hits = find_emails(match.group(), catalogue, in_field=True)
                found += [email_spot(source, match.start(), hit) for hit in hits]
            elif any(spot.slot is Slot.MODULES for spot in here):
                continue
            elif ends := [one.end for taken in (read, known) for one in taken.over(*match.span())]:
                rest = max(ends)
                if rest < match.end() and text[rest].isspace() and not _is_post(text, rest, match, catalogue):
                    found += _whole_wish(source, rest, match.end(), catalogue)
            elif (before := known.before(match.start())) and _is_post(text, before.end, match, catalogue):
                continue
            elif data or (above and match.group().strip() == line.strip() and len(line) < LONGEST_LINE):
                found += _whole_wish(source, *match.span(), catalogue)
        above = data
        at = end + 1
    return found


def _whole_wish(source: Source, start: int, end: int, catalogue: Catalogue) -> list[Spot]:
    """The modules of a stretch that names modules and nothing else, or some program that is none."""
    text = only_chosen(source.part.text[start:end])
    if not 2 < len(text.strip()) < LONGEST_WISH:
        return []
    words = fold(text).strip(" \t-–—*•·").split()
    if len(words) > 1 and words[-1].strip(" .") in lexicon_of(catalogue).jobs and "irat" not in fold(text):
        return []  # "adóügyi ügyintéző", but "iktató" alone is the module
    reading = find_modules(text, catalogue, in_field=True)
    if reading.unknown and not (not reading.hits and _ends_in_noun(text, catalogue)):
        return []
    return module_spots(source, start, reading)


def _is_post(text: str, name_end: int, match: re.Match[str], catalogue: Catalogue) -> bool:
    """Is the one word right behind a name what somebody is ("Nagy Éva, pénztáros, nagy.eva@…"), not a wish?"""
    if not 0 < match.end() - name_end < LONGEST_POST:
        return False
    word = fold(text[name_end : match.end()]).strip(" \t,;:|()-–.")
    return word in catalogue.words.get("post_words", ())


def _ends_in_noun(text: str, catalogue: Catalogue) -> bool:
    """Does a short stretch end in "program", "modul" and the like, as a wish does?"""
    words = fold(text).strip(" .;:").split()
    return 1 < len(words) <= 5 and words[-1] in words_of(catalogue.words.get("wish_nouns", ()))
