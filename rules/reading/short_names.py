"""People called by half of their names once they were introduced: "Annamária címe: …", "Kovácsné az iktatót kérné"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.reading.layout import Anchor
from rules.reading.lexicon import Lexicon
from rules.reading.name_forms import is_capital, is_wife_form, nominative
from rules.reading.names import is_title
from rules.reading.stretches import Stretches
from rules.text import fold

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CAPITAL_BEFORE = re.compile(r"(?:^|[^\w.-])[A-ZÁÉÍÓÖŐÚÜŰ][\w-]+ $")
_CAPITAL_AFTER = re.compile(r" [A-ZÁÉÍÓÖŐÚÜŰ][a-záéíóöőúüű]")
_MAIL_AFTER = re.compile(r"[.\w+-]{0,40}@")


def find_short_names(text: str, names: Sequence[str], taken: Sequence[Anchor], lexicon: Lexicon) -> list[Anchor]:
    """Where one of several people is called by his given name, or by a -né form, alone; `taken` are the full names.

    A word that several of the people share calls nobody.
    """
    calls: dict[str, set[int]] = {}
    for number, name in enumerate(names):
        for word in _calls(name, lexicon):
            calls.setdefault(word, set()).add(number)
    first = min((anchor.start for anchor in taken), default=0)
    held = Stretches(taken)
    found = []
    for match in _WORD.finditer(text, first):
        word = match.group()
        if not is_capital(word) or word.isupper() or _MAIL_AFTER.match(text, match.start()):
            continue
        if held.over(match.start(), match.start() + 1):
            continue
        called = calls.get(fold(word)) or calls.get(fold(nominative(word, lexicon) or ""), set())
        if len(called) == 1:
            found.append(Anchor(min(called), match.start(), match.end()))
    return [anchor for anchor in found if not _beside_a_name(text, anchor)]


def _calls(name: str, lexicon: Lexicon) -> Iterator[str]:
    words = [word for word in name.split() if not is_title(word, lexicon)]
    given = [word for word in words[1:] if nominative(word, lexicon)]
    for word in (*given, *(word for word in words if is_wife_form(word))):
        yield fold(word)


def _beside_a_name(text: str, anchor: Anchor) -> bool:
    """Is the word part of another name: "Nagy Éva" where only Kis Éva is asked for?"""
    before = text[max(0, anchor.start - 30) : anchor.start]
    return bool(_CAPITAL_BEFORE.search(before) or _CAPITAL_AFTER.match(text, anchor.end))
