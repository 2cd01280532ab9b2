"""Fixed sentences in what a mail says by itself: its newest text, not what it quotes or forwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.findings import EXCERPT
from rules.model import Evidence, Message, PartKind
from rules.text import fold

SAID = frozenset({PartKind.TEXT, PartKind.SIGNATURE, PartKind.FOOTER})
OPENS = (". ", "! ", "? ", ": ", "> ", "* ", "- ", "] ", ") ")
BEGINNING = 4  # letters of a sentence's last word that tell whether a text may hold it
_Ranked = tuple[int, str]  # a sentence behind its place in the list


@dataclass(frozen=True, slots=True, eq=False)
class _Sayings:
    """The sentences of a list by what a text must hold before they are worth seeking in it.

    `by_word`: a whole word; `by_beginning`: a word that begins so; `others` are always sought.
    """

    by_word: dict[str, list[_Ranked]]
    by_beginning: dict[str, list[_Ranked]]
    others: list[_Ranked]

    def that_may_stand_in(self, words: frozenset[str], beginnings: frozenset[str]) -> Sequence[_Ranked]:
        """The sentences that a text of these words may hold, in the order of the list."""
        if words.isdisjoint(self.by_word) and beginnings.isdisjoint(self.by_beginning):
            return self.others
        found = list(self.others)
        for word in self.by_word.keys() & words:
            found += self.by_word[word]
        for beginning in self.by_beginning.keys() & beginnings:
            found += self.by_beginning[beginning]
        return sorted(found)


def find_sayings(
    message: Message, catalogue: Catalogue, name: str, within: int | None = None, kinds: frozenset[PartKind] = SAID
) -> list[Evidence]:
    """Where the folded sentences of the catalogue's list `name` stand in the mail's own words, the first place of each.

    `within` counts only those that begin within so many characters of their part and open a sentence there: people
    quote such sentences in the middle of theirs.
    """
    found = []
    sayings = _sayings(catalogue, name)
    for index, part in enumerate(message.parts):
        if part.kind not in kinds:
            continue
        text, words, beginnings = _plain(part.text)
        for _, sentence in sayings.that_may_stand_in(words, beginnings):
            at = text.find(sentence)
            if at >= 0 and (within is None or (at < within and (at == 0 or text[at - 2 : at] in OPENS))):
                found.append(Evidence(index, at, at + len(sentence), text[at : at + EXCERPT], part.source))
    return found


@lru_cache(maxsize=16)
def _plain(text: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """The folded text with single blanks, its words, and how they begin."""
    words = fold(text).split()
    return " ".join(words), frozenset(words), frozenset([word[:BEGINNING] for word in words])


@lru_cache(maxsize=64)
def _sayings(catalogue: Catalogue, name: str) -> _Sayings:
    """The sentences of a list, prepared; a * at the end of one lets letters follow, as they may anyway."""
    prepared = _Sayings({}, {}, [])
    for ranked in enumerate(sentence.rstrip("*") for sentence in catalogue.words.get(name, ())):
        _, *inner = ranked[1].split(" ")
        last = inner.pop() if inner else ""
        if inner:
            prepared.by_word.setdefault(max(inner, key=len), []).append(ranked)
        elif len(last) >= BEGINNING:
            prepared.by_beginning.setdefault(last[:BEGINNING], []).append(ranked)
        else:
            prepared.others.append(ranked)
    return prepared
