"""Fixed sentences in what a mail says by itself: its newest text, not what it quotes or forwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.findings import EXCERPT
from rules.model import Evidence, Message, PartKind
from rules.text import fold

LISTS = (
    "own_reply_openings",
    "automatic_sentences",
    "bounce_sentences",
    "report_fields",
    "newsletter_sentences",
    "absence_states",
    "absence_hints",
)
SAID = frozenset({PartKind.TEXT, PartKind.SIGNATURE, PartKind.FOOTER})
OPENS = (". ", "! ", "? ", ": ", "> ", "* ", "- ", "] ", ") ")
BEGINNING = 4  # letters of a sentence's last word that tell whether a text may hold it
_Ranked = tuple[str, int, str]  # a sentence behind its list and its place there


@dataclass(frozen=True, slots=True, eq=False)
class _Sayings:
    """The sentences of all lists by what a text must hold before they are worth seeking in it.

    `by_word`: a whole word; `by_beginning`: a word that begins so; `others` are always sought.
    """

    by_word: dict[str, list[_Ranked]]
    by_beginning: dict[str, list[_Ranked]]
    others: list[_Ranked]

    def that_may_stand_in(self, words: frozenset[str]) -> Sequence[_Ranked]:
        """The sentences that a text of these words may hold, each list in its order."""
        found = list(self.others)
        for word in self.by_word.keys() & words:
            found += self.by_word[word]
        for beginning in self.by_beginning.keys() & {word[:BEGINNING] for word in words}:
            found += self.by_beginning[beginning]
        return sorted(found)


def find_sayings(
    message: Message, catalogue: Catalogue, name: str, within: int | None = None, kinds: frozenset[PartKind] = SAID
) -> list[Evidence]:
    """Where the folded sentences of the catalogue's list `name` stand in the mail's own words, the first place of each.

    `within` counts only those that begin within so many characters of their part and open a sentence there: people
    quote such sentences in the middle of theirs. KeyError where `name` is none of LISTS.
    """
    found = []
    for index, part in enumerate(message.parts):
        if part.kind not in kinds:
            continue
        text, standing = _standing(part.text, catalogue)
        for start, end in standing[name]:
            if within is None or (start < within and (start == 0 or text[start - 2 : start] in OPENS)):
                found.append(Evidence(index, start, end, text[start : start + EXCERPT], part.source))
    return found


@lru_cache(maxsize=16)  # every rule asks about the same few texts
def _standing(text: str, catalogue: Catalogue) -> tuple[str, Mapping[str, Sequence[tuple[int, int]]]]:
    """The folded text with single blanks, and by list where its sentences stand in it."""
    words = fold(text).split()
    plain = " ".join(words)
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in LISTS}
    for name, _, sentence in _sayings(catalogue).that_may_stand_in(frozenset(words)):
        at = plain.find(sentence)
        if at >= 0:
            found[name].append((at, at + len(sentence)))
    return plain, found


@lru_cache(maxsize=4)
def _sayings(catalogue: Catalogue) -> _Sayings:
    """The sentences, prepared; a * at the end of one lets letters follow, as they may anyway."""
    prepared = _Sayings({}, {}, [])
    for name in LISTS:
        for rank, line in enumerate(catalogue.words.get(name, ())):
            sentence = line.rstrip("*")
            _, *inner = sentence.split(" ")
            last = inner.pop() if inner else ""
            if inner:
                prepared.by_word.setdefault(max(inner, key=len), []).append((name, rank, sentence))
            elif len(last) >= BEGINNING:
                prepared.by_beginning.setdefault(last[:BEGINNING], []).append((name, rank, sentence))
            else:
                prepared.others.append((name, rank, sentence))
    return prepared
