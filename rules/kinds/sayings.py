"""Fixed sentences in what a mail says by itself: its newest text, not what it quotes or forwards."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rules.findings import EXCERPT
from rules.model import Evidence, Message, PartKind
from rules.text import fold

SAID = frozenset({PartKind.TEXT, PartKind.SIGNATURE, PartKind.FOOTER})


OPENS = (". ", "! ", "? ", ": ", "> ", "* ", "- ", "] ", ") ")


def find_sayings(
    message: Message, sentences: Iterable[str], within: int | None = None, kinds: frozenset[PartKind] = SAID
) -> list[Evidence]:
    """Where the folded `sentences` stand in the mail's own words, the first place of each.

    `within` counts only those that begin within so many characters of their part and open a sentence there: people
    quote such sentences in the middle of theirs.
    """
    found = []
    keyed = _keyed(tuple(sentences))
    for index, part in enumerate(message.parts):
        if part.kind not in kinds:
            continue
        text, words = _plain(part.text)
        for sentence, key in keyed:
            if key and key not in words:
                continue
            at = text.find(sentence)
            if at >= 0 and (within is None or (at < within and (at == 0 or text[at - 2 : at] in OPENS))):
                found.append(Evidence(index, at, at + len(sentence), text[at : at + EXCERPT], part.source))
    return found


@lru_cache(maxsize=16)
def _plain(text: str) -> tuple[str, frozenset[str]]:
    """The folded text with single blanks, and its words."""
    words = fold(text).split()
    return " ".join(words), frozenset(words)


@lru_cache(maxsize=16)
def _keyed(sentences: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each sentence with the longest word that it holds whole ("" where none): asked for before the dearer search."""
    return tuple((sentence, max(sentence.split()[1:-1], key=len, default="")) for sentence in sentences)
