"""Fixed sentences in what a mail says by itself: its newest text, not what it quotes or forwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.findings import EXCERPT
from rules.model import Evidence, Message, PartKind
from rules.text import fold

ALWAYS = (  # asked of every mail, and so sought together
    "own_reply_openings",
    "automatic_sentences",
    "bounce_sentences",
    "report_fields",
    "newsletter_sentences",
    "absence_states",
)
SELDOM = ("absence_hints",)
SAID = frozenset({PartKind.TEXT, PartKind.SIGNATURE, PartKind.FOOTER})
OPENS = (". ", "! ", "? ", ": ", "> ", "* ", "- ", "] ", ") ")
BEGINNING = 4  # letters of a sentence's last word that tell whether a text may hold it
_Ranked = tuple[str, int, str]  # a sentence behind its list and its place there
_Place = tuple[int, int, int, int]  # which text, which sentence of the list, from where to where


@dataclass(frozen=True, slots=True, eq=False)
class _Sayings:
    """The sentences of some lists by what a text must hold before they are worth seeking in it.

    `by_word`: a whole word; `by_beginning`: a word that begins so; `others` are always sought.
    """

    by_word: dict[str, list[_Ranked]]
    by_beginning: dict[str, list[_Ranked]]
    others: list[_Ranked]

    def that_may_stand_in(self, words: frozenset[str]) -> Sequence[_Ranked]:
        """The sentences that a text of these words may hold."""
        found = list(self.others)
        for word in self.by_word.keys() & words:
            found += self.by_word[word]
        for beginning in self.by_beginning.keys() & {word[:BEGINNING] for word in words}:
            found += self.by_beginning[beginning]
        return found


def find_sayings(
    message: Message, catalogue: Catalogue, name: str, within: int | None = None, kinds: frozenset[PartKind] = SAID
) -> list[Evidence]:
    """Where the folded sentences of the catalogue's list `name` stand in the mail's own words, the first place of each.

    `within` counts only those that begin within so many characters of their part and open a sentence there: people
    quote such sentences in the middle of theirs. `name` is one of ALWAYS or SELDOM.
    """
    parts = [(index, part) for index, part in enumerate(message.parts) if part.kind in kinds]
    lists = SELDOM if name in SELDOM else ALWAYS
    texts, standing = _standing(tuple([part.text for _, part in parts]), lists, catalogue)
    found = []
    for number, _, start, end in standing[name]:
        text, (index, part) = texts[number], parts[number]
        if within is None or (start < within and (start == 0 or text[start - 2 : start] in OPENS)):
            found.append(Evidence(index, start, end, text[start : start + EXCERPT], part.source))
    return found


@lru_cache(maxsize=4)  # every rule asks about the same texts
def _standing(
    texts: tuple[str, ...], lists: tuple[str, ...], catalogue: Catalogue
) -> tuple[Sequence[str], Mapping[str, Sequence[_Place]]]:
    """The folded texts with single blanks, and by list where its sentences stand in them, text by text."""
    words = [fold(text).split() for text in texts]
    plain = [" ".join(row) for row in words]
    whole = "\n".join(plain)  # most sentences stand in none of the texts, which one look tells
    found: dict[str, list[_Place]] = {name: [] for name in lists}
    for name, rank, sentence in _sayings(lists, catalogue).that_may_stand_in(frozenset().union(*words)):
        if sentence in whole:
            at = [text.find(sentence) for text in plain]
            found[name] += [
                (number, rank, start, start + len(sentence)) for number, start in enumerate(at) if start >= 0
            ]
    for places in found.values():
        places.sort()
    return plain, found


@lru_cache(maxsize=4)
def _sayings(lists: tuple[str, ...], catalogue: Catalogue) -> _Sayings:
    """The sentences, prepared; a * at the end of one lets letters follow, as they may anyway."""
    prepared = _Sayings({}, {}, [])
    for name in lists:
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
