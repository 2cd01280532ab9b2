"""Names that no list of given names knows, told by the address beside them: "Varga Huba (varga.huba@…)"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.reading.lexicon import Lexicon
from rules.reading.names import NameHit
from rules.text import fold

_LOCAL = re.compile(r"(?<![\w.+-])([a-z]{3,20})[._-]([a-z]{3,20})\d{0,4}@")
_PAIR = re.compile(r"(?<![\w-])([A-ZÁÉÍÓÖŐÚÜŰ][\w-]{2,20}) ([A-ZÁÉÍÓÖŐÚÜŰ][\w-]{2,20})(?![\w-])")
MOST_PAIRS = 200  # of capitalised words in one text


def find_spelled_names(text: str, known: Sequence[NameHit], lexicon: Lexicon) -> list[NameHit]:
    """Two capitalised words beside each other that an address of the same text spells out, where no name is known."""
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
    return found
