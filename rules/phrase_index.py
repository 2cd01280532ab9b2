"""Many phrases looked up at once: each token of a text is asked in a few dictionaries, however many phrases there are.

A phrase is a row of folded words. `*` at the end of a word lets any letters follow; without it a word may carry a
Hungarian case ending where it is the phrase's last. Between two words of a phrase may stand what `fits_gap` allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from rules.recurring import Known
from rules.text import CASE_ENDINGS, Token, tokens

V = TypeVar("V")
LETTERS = 3  # of a phrase, by which most words are known to begin none
LONGEST_ENDING = max(map(len, CASE_ENDINGS))
_Words = tuple[str, ...]
FitsGap = Callable[[int, int, _Words], bool]  # may these tokens of the phrase stand so far apart?


class PhraseMatch(NamedTuple, Generic[V]):
    """A phrase at tokens `first`–`last` (inclusive); `exact` where no word carried an ending."""

    value: V
    words: _Words
    first: int
    last: int
    exact: bool


class PhraseIndex(Generic[V]):
    """Phrases with their values; built once, then only read. Of phrases with the same words the first given wins."""

    def __init__(self, phrases: Iterable[tuple[str, V]], *, endings: bool = True) -> None:
        self._endings = endings
        self._exact: dict[str, list[tuple[_Words, V]]] = {}
        self._stems: dict[str, list[tuple[_Words, V]]] = {}
        for phrase, value in phrases:
            words = phrase_words(phrase)
            if words:
                stem = words[0].endswith("*")
                table, key = (self._stems, words[0][:-1]) if stem else (self._exact, words[0])
                table.setdefault(key, []).append((words, value))
        for table in (self._exact, self._stems):
            for entries in table.values():
                entries.sort(key=lambda entry: -len(entry[0]))
        self._stem_lengths = sorted({len(stem) for stem in self._stems}, reverse=True)
        self._first_letters = frozenset(key[:LETTERS] for key in (*self._exact, *self._stems))
        self._beginning = Known(lambda token: tuple(self._find_beginning(token)))
        self._candidates = lru_cache(maxsize=20_000)(self._find_candidates)

    def longest(self, row: Sequence[Token], first: int, fits_gap: FitsGap, *, spelt: str = "") -> PhraseMatch[V] | None:
        """The longest phrase that begins at token `first`; `fits_gap(left, right, words)` judges each gap.

        `spelt` is what the first token is to be read as, where it is misspelt.
        """
        best: PhraseMatch[V] | None = None
        follows = row[first + 1].text[:1] if first + 1 < len(row) else ""
        for words, value, exact in self._candidates(spelt or row[first].text, follows):
            if best and len(words) <= best.last - best.first + 1:
                break
            if len(words) == 1:
                return PhraseMatch(value, words, first, first, exact)
            found = self._rest(row, first, words, fits_gap)
            if found is not None:
                best = PhraseMatch(value, words, first, first + len(words) - 1, found)
        return best

    def may_begin(self, token: str) -> bool:
        """Whether a phrase may begin with the folded `token`: a cheap question before a dear one."""
        return bool(self._beginning[token])

    def beginnings(self, row: Sequence[Token]) -> list[int]:
        """The places in `row` at which a phrase may begin: in most texts a few."""
        begins = self._beginning
        return [place for place, token in enumerate(row) if begins[token.text]]

    def may_stand_among(self, words: Iterable[str]) -> bool:
        """Whether a phrase may begin with any of the folded `words`."""
        return any(map(self._beginning.__getitem__, words))

    def meanings(self, token: str) -> tuple[tuple[_Words, V], ...]:
        """Every one-word phrase that the folded `token` is, longest knowledge of it included."""
        return tuple((words, value) for words, value, _ in self._candidates(token, "") if len(words) == 1)

    def _rest(self, row: Sequence[Token], first: int, words: _Words, fits_gap: FitsGap) -> bool | None:
        """Do the words behind the first stand in `row`? None where not, else whether exactly."""
        last = first + len(words) - 1
        if last >= len(row):
            return None
        for place in range(1, len(words)):
            endings = self._endings and first + place == last
            if not _fits(row[first + place].text, words[place], endings=endings):
                return None
            if not fits_gap(first + place - 1, first + place, words):
                return None
        return row[last].text == words[-1]

    def _find_beginning(self, token: str) -> Iterator[tuple[_Words, V, bool]]:
        """The phrases that begin with `token`, each with whether exactly."""
        if self._first_letters.isdisjoint([token[:length] for length in range(1, LETTERS + 1)]):
            return
        for words, value in self._exact.get(token, ()):
            yield words, value, True
        for length in self._stem_lengths:
            if length <= len(token):
                for words, value in self._stems.get(token[:length], ()):
                    yield words, value, True
        for bare in _without_endings(token) if self._endings else ():
            for words, value in self._exact.get(bare, ()):
                if len(words) == 1:
                    yield words, value, False

    def _find_candidates(self, token: str, follows: str) -> tuple[tuple[_Words, V, bool], ...]:
        """The phrases that begin with `token` and whose second word, if any, with the sign `follows`; longest first."""
        found = self._beginning[token]
        fitting = [entry for entry in found if len(entry[0]) == 1 or entry[0][1][0] == follows]
        return tuple(sorted(fitting, key=lambda entry: (-len(entry[0]), not entry[2])))


@lru_cache(maxsize=512)  # one index after the other asks about the words of one text
def _without_endings(token: str) -> tuple[str, ...]:
    """What `token` may be with a case ending cut off, the longest first."""
    lengths = range(1, min(LONGEST_ENDING, len(token) - 1) + 1)
    return tuple(token[:-length] for length in lengths if token[-length:] in CASE_ENDINGS)


def phrase_words(phrase: str) -> _Words:
    """The folded words of a phrase; a `*` stays with its word."""
    return tuple(token.text + ("*" if phrase[token.end : token.end + 1] == "*" else "") for token in tokens(phrase))


def _fits(token: str, word: str, *, endings: bool) -> bool:
    if word.endswith("*"):
        return token.startswith(word[:-1])
    return token == word or (endings and token.startswith(word) and token[len(word) :] in CASE_ENDINGS)
