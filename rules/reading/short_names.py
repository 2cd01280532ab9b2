"""People called by half of their names once they were introduced: "Annamária címe: …", "Kovácsné az iktatót kérné"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.reading.emails import is_like
from rules.reading.layout import Anchor
from rules.reading.lexicon import Lexicon
from rules.reading.name_forms import is_capital, is_wife_form, nominative
from rules.reading.names import is_title
from rules.reading.spot import Spot
from rules.reading.stretches import Stretches
from rules.text import fold

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CAPITAL_BEFORE = re.compile(r"(?:^|[^\w.-])[A-ZÁÉÍÓÖŐÚÜŰ][\w-]+ $")
_COMPARED = re.compile(r"\b(?:mint|akárcsak) (?:a |az )?$", re.I)
_CAPITAL_AFTER = re.compile(r" [A-ZÁÉÍÓÖŐÚÜŰ][a-záéíóöőúüű]")
_LONE = re.compile(
    r"(?:^[ \t]*(?:[-–—*•·]|\(?\d{1,2}[.)])?|(?<!\w)(?:és|valamint|illetve)\s)"
    r"[ \t]*(?P<name>[A-ZÁÉÍÓÖŐÚÜŰ][a-záéíóöőúüű]+)[ \t]*(?:[-–—:,;(<|]|\t)[ \t]*"
    r"(?:[Ee]-?mail(?:je|címe?)?:?[ \t]*)?(?=[\w.+-]+@)",
    re.M,
)
SAME_START = 3  # letters that a nickname shares with its name: Zsuzsi, Zsuzsanna
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


def find_lone_names(text: str, names: Sequence[str], emails: Sequence[Spot], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where a given name or a -né form stands alone before its address: somebody besides those in `names`.

    At the beginning of a line, or the last of a row ("… és Piroska (piros@…)").

    Not so where one of them may be called that, or has that address.
    """
    if not emails:
        return []
    known = {fold(word)[:SAME_START] for name in names for word in name.split()}
    at = Stretches(emails)
    found = []
    for match in _LONE.finditer(text):
        word = match["name"]
        called = nominative(word, lexicon) == word or is_wife_form(word)
        if not called or fold(word)[:SAME_START] in known:
            continue
        beside = at.over(match.end(), match.end() + 1)
        if beside and not any(is_like(beside[0].value, name, lexicon) for name in names):
            found.append(match.span("name"))
    return found


def _calls(name: str, lexicon: Lexicon) -> Iterator[str]:
    words = [word for word in name.split() if not is_title(word, lexicon)]
    given = [word for word in words[1:] if nominative(word, lexicon)]
    for word in (*given, *(word for word in words if is_wife_form(word))):
        yield fold(word)


def _beside_a_name(text: str, anchor: Anchor) -> bool:
    """Is it another name's ("Nagy Éva" where Kis Éva is asked for), or whom one is likened to ("mint Edinának")?"""
    before = text[max(0, anchor.start - 30) : anchor.start]
    return bool(_COMPARED.search(before)) or bool(
        _CAPITAL_BEFORE.search(before) or _CAPITAL_AFTER.match(text, anchor.end)
    )
