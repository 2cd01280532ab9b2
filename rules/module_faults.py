"""What is wrong with the words that name modules: asked of the files, and of what staff want to change. Pure.

A word that names two modules, or that stands in every request ("kérem", "modul"), would spoil the reading of all mails.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.catalogue import Module
from rules.phrase_index import phrase_words

LONGEST, MOST_WORDS, SHORTEST = 120, 8, 2  # characters, words, letters
EVERYWHERE_FROM = 3  # letters of a word that names its module wherever it stands
# not jobs and tasks: "ügyintézés" and "könyvelés" may name a module in its field
COMMON_LISTS = ("nouns", "learning", "duties", "asks", "all", "full", "except", "joins", "fillers")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why `word` may not name `module`; `other` is the module or the list (module_…) that it belongs to.

    `code` is empty, signs, long, short, another (names another module), swallows (a stem that takes another module's
    word `other`) or common (an everyday word of requests).
    """

    code: str
    module: str
    word: str
    other: str = ""


def tiers_of(module: Module) -> dict[str, tuple[str, ...]]:
    """The module's words by where they count."""
    return {"anywhere": module.aliases, "asked": module.asked, "field": module.field}


def find_faults(modules: Sequence[Module], lists: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Every fault of the words of `modules`; `lists` are the catalogue's word lists."""
    owners: dict[tuple[str, ...], str] = {}
    stems: list[tuple[str, str, str]] = []
    common = {words: name for name in COMMON_LISTS for words in _phrases(lists.get(f"module_{name}", ()))}
    for module in modules:
        for tier, texts in tiers_of(module).items():
            for text in texts:
                words = phrase_words(text)
                if code := _shape(text, words, tier):
                    yield Fault(code, module.id, text)
                    continue
                bare = tuple(word.rstrip("*") for word in words)
                owner = owners.setdefault(bare, module.id)
                if owner != module.id:
                    yield Fault("another", module.id, text, owner)
                elif name := common.get(words) or common.get(bare):
                    yield Fault("common", module.id, text, f"module_{name}")
                if len(words) == 1 and text.rstrip().endswith("*"):
                    stems.append((bare[0], module.id, text))
    yield from _swallowed(stems, owners)


def _swallowed(stems: Iterable[tuple[str, str, str]], owners: Mapping[tuple[str, ...], str]) -> Iterator[Fault]:
    singles = sorted((bare[0], owner) for bare, owner in owners.items() if len(bare) == 1)
    for stem, module, text in stems:
        for word, owner in singles[bisect_left(singles, (stem, "")) :]:
            if not word.startswith(stem):
                break
            if owner != module:
                yield Fault("swallows", module, text, word)
                break


def _shape(text: str, words: tuple[str, ...], tier: str) -> str:
    letters = sum(len(word.rstrip("*")) for word in words)
    if not words or not letters:
        return "empty"
    if any(not (char.isalnum() or char in " *-./") for char in text) or " *" in text or text.startswith("*"):
        return "signs"
    if len(text) > LONGEST or len(words) > MOST_WORDS:
        return "long"
    return "short" if letters < (EVERYWHERE_FROM if tier == "anywhere" else SHORTEST) else ""


def _phrases(texts: Iterable[str]) -> set[tuple[str, ...]]:
    found = {phrase_words(text) for text in texts}
    return found | {tuple(word.rstrip("*") for word in words) for words in found}
