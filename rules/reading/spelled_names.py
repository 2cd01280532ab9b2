"""Names that no list of given names knows, told by the address beside them or by the words of one who names herself.

"Varga Huba (varga.huba@…)", "Lungu Rodica vagyok".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.reading.lexicon import Lexicon
from rules.reading.names import NameHit
from rules.text import fold

_LOCAL = re.compile(r"(?<![\w.+-])([a-z]{3,20})[._-]([a-z]{3,20})\d{0,4}@")
_SMALL_PAIR = re.compile(r"(?<![\w.-])(?=([a-záéíóöőúüű]{3,20}) ([a-záéíóöőúüű]{3,20})(?![\w.-]))")
_PAIR = re.compile(r"(?<![\w-])([A-ZÁÉÍÓÖŐÚÜŰ][\w-]{2,20}) ([A-ZÁÉÍÓÖŐÚÜŰ][\w-]{2,20})(?![\w-])")
_WORDS = r"[A-ZÁÉÍÓÖŐÚÜŰ][\w-]{1,20}(?: [A-ZÁÉÍÓÖŐÚÜŰ][\w-]{2,20}){1,2}"
_INTRODUCED = re.compile(
    rf"(?:^|[.!?:,]\s|\n)[ \t]*(?:dr\. )?(?P<before>{_WORDS})(?=,? vagyok(?!\w))"
    rf"|(?:[Nn]evem:?|[Hh]ívnak|[Aa]lulírott,?|[Éé]n vagyok) (?:dr\. )?(?P<after>{_WORDS})"
)
_CUES = ("vagyok", "evem", "ívnak", "lulírott")  # one stands in whatever _INTRODUCED finds
MOST_PAIRS = 200  # of capitalised words in one text


def find_spelled_names(text: str, known: Sequence[NameHit], lexicon: Lexicon) -> list[NameHit]:
    """Two capitalised words beside each other that an address of the same text spells out, where no name is known.

    Where the text knows no name at all, small letters do as well.
    """
    introduced = list(_introduced(text, known, lexicon))
    return introduced + _spelled(text, [*known, *introduced], lexicon)


def _introduced(text: str, known: Sequence[NameHit], lexicon: Lexicon) -> Iterator[NameHit]:
    """Capitalised words with which somebody says who he is, unless they are a job or an office."""
    if not any(cue in text for cue in _CUES):  # the pattern is dear, and few say so
        return
    for match in _INTRODUCED.finditer(text):
        start, end = match.span("before" if match["before"] else "after")
        if any(hit.start < end and start < hit.end for hit in known):
            continue
        if not any(word in lexicon.jobs or word in lexicon.stops for word in fold(text[start:end]).split()):
            yield NameHit(text[start:end], start, end)


def _spelled(text: str, known: Sequence[NameHit], lexicon: Lexicon) -> list[NameHit]:
    if "@" not in text:
        return []
    locals_ = {frozenset(match.groups()) for match in _LOCAL.finditer(text.lower())}
    locals_ = {pair for pair in locals_ if not any(word in lexicon.jobs or word in lexicon.stops for word in pair)}
    if not locals_:
        return []
    found = []
    for _, match in zip(range(MOST_PAIRS), _PAIR.finditer(text), strict=False):
        if any(hit.start < match.end() and match.start() < hit.end for hit in known):
            continue
        if frozenset(fold(word) for word in match.groups()) in locals_:
            found.append(NameHit(match.group(), match.start(), match.end()))
    return found or ([] if known else _in_small_letters(text, locals_))


def _in_small_letters(text: str, spelled: set[frozenset[str]]) -> list[NameHit]:
    pairs = (match for match in _SMALL_PAIR.finditer(text) if frozenset(map(fold, match.groups())) in spelled)
    return [
        NameHit(f"{one[1]} {one[2]}", one.start(1), one.end(2))
        for _, one in zip(range(MOST_PAIRS), pairs, strict=False)
    ]
