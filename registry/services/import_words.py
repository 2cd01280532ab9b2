"""Import words: those of a file that may name their module become drafts, the others are refused one by one."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction

from registry.catalogue import find_new_faults, get_corrections
from registry.corrections import ModuleWord
from registry.imports.words import WordLine, read_words
from rules.catalogue import Catalogue
from rules.module_faults import Fault, tiers_of
from rules.phrase_index import phrase_words
from rules.text import fold
from worker.models import Event

BATCH = 500
Key = tuple[str, str, tuple[str, ...]]  # module, tier, the word's folded words


@dataclass(slots=True)
class WordsReport:
    """How many words are drafts now, were there already; and the refused ones with their lines."""

    new: int = 0
    unchanged: int = 0
    refused: list[tuple[int, Fault]] = field(default_factory=list)


@transaction.atomic
def import_words(actor: User, data: bytes, files: Catalogue) -> WordsReport:
    """Draft the words of a file, set-wise; nothing comes into force. Raises UnreadableFileError."""
    report = WordsReport()
    wishes = _wishes(actor, data, files, report)
    while wishes:
        faults = find_new_faults(files, [*get_corrections(drafts=True), *(one for _, one in wishes.values())])
        bad = [(key, fault) for fault in faults for key in wishes if _is_about(key, fault)]
        if not bad:
            break
        for key, fault in bad:
            if key in wishes:
                report.refused.append((wishes.pop(key)[0], _seen_from(key, fault)))
    rows = [one for _, one in wishes.values()]
    ModuleWord.objects.bulk_create(rows, batch_size=BATCH)
    report.new = len(rows)
    report.refused.sort(key=lambda one: one[0])
    if rows:
        words = [{"module": one.module, "tier": one.tier, "word": one.word, "removes": False} for one in rows]
        Event.objects.create(verb="module_word_drafted", actor=actor, details={"changes": words})
    return report


def _wishes(actor: User, data: bytes, files: Catalogue, report: WordsReport) -> dict[Key, tuple[int, ModuleWord]]:
    """The file's new words by key, each with its line."""
    known = _known(files)
    wishes: dict[Key, tuple[int, ModuleWord]] = {}
    for one in read_words(data, files):
        key = one.module, one.tier, phrase_words(one.word)
        if not one.module or not one.tier:
            report.refused.append((one.line, Fault("no_module" if not one.module else "no_tier", one.module, one.word)))
        elif not key[2]:
            report.refused.append((one.line, Fault("empty", one.module, one.word)))
        elif key in known or key in wishes:
            report.unchanged += 1
        else:
            wishes[key] = one.line, _draft(actor, one)
    return wishes


def _draft(actor: User, one: WordLine) -> ModuleWord:
    word = " ".join(fold(one.word).split())[:120]
    return ModuleWord(module=one.module, tier=one.tier, word=word, author=actor)


def _known(files: Catalogue) -> set[Key]:
    """Every word that the files or staff name already, whatever is to become of it."""
    own = {
        (module.id, tier, phrase_words(word))
        for module in files.modules
        for tier, words in tiers_of(module).items()
        for word in words
    }
    return own | {(one.module, one.tier, phrase_words(one.word)) for one in ModuleWord.objects.all()}


def _is_about(key: Key, fault: Fault) -> bool:
    """Whether the fault came by this wish: it names its word at its module, or the word that it clashes with."""
    same = [word.rstrip("*") for word in key[2]] == [word.rstrip("*") for word in phrase_words(fault.word)]
    if fault.code == "swallows" and fault.other == key[2][0].rstrip("*") and len(key[2]) == 1:
        return key[0] != fault.module
    return same and key[0] in (fault.module, fault.other)


def _seen_from(key: Key, fault: Fault) -> Fault:
    other = fault.module if fault.code == "another" and fault.other == key[0] else fault.other
    return Fault(fault.code, key[0], fault.word, other)
