"""Names put right in the same letter: "Kis Edit, helyesen Kis Edina", "a neve nem Kis Edit, hanem Kis Edina"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rules.reading.prose import NamedRole
from rules.text import fold

_RATHER = re.compile(
    r"[\s,;(–-]{0,4}(?:(?:azaz|illetve|vagyis|bocsanat|elnezest|pardon|jobban mondva|pontosabban|javitva|javitom)"
    r"[\s,;:!]{0,3}){0,2}(?:helyesen|helyesebben|pontosabban|javitva|jobban mondva|a helyes nev|helyes neve?)"
    r"[\s:,]{1,3}(?:dr\.? )?"
)
_NOT = re.compile(r"(?<![a-z])nem (?:a |az )?(?:dr\.? )?$")
_BUT = re.compile(r"[\s,;]{0,3}hanem (?:a |az )?(?:dr\.? )?")


def names_put_right(text: str, roles: Sequence[NamedRole]) -> dict[str, str]:
    """The wrong names that the text itself puts right, with the right ones."""
    folded = fold(text)
    found = {}
    for wrong, right in pairwise(role.name for role in roles):
        between = folded[wrong.end + len(wrong.ending) : right.start]
        denied = _BUT.fullmatch(between) and _NOT.search(folded[max(0, wrong.start - 12) : wrong.start])
        if denied or _RATHER.fullmatch(between):
            found[wrong.name] = right.name
    return found
