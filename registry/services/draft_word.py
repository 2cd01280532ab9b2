"""Draft a word: it shall name a module, or no longer; in force once the drafts are switched on."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction

from registry.catalogue import find_new_faults, get_corrections
from registry.corrections import ModuleWord, Tier
from registry.services.directory_refusals import RowChangedError, WordRefusedError
from rules.catalogue import Catalogue
from rules.module_faults import Fault, tiers_of
from rules.phrase_index import phrase_words
from rules.text import fold
from worker.models import Event


@transaction.atomic
def draft_word(actor: User, files: Catalogue, wish: ModuleWord) -> ModuleWord:
    """Keep `wish` (unsaved: module, tier, word, removes) as a draft; `files` is the catalogue without corrections.

    Raises WordRefusedError.
    """
    wish.word = " ".join(fold(wish.word).split())
    wish.author, wish.live, wish.wanted = actor, False, True
    _require_use(files, wish)
    same = ModuleWord.objects.filter(module=wish.module, tier=wish.tier, word=wish.word).first()
    if same is not None:
        if same.wanted:
            raise WordRefusedError(Fault("known", wish.module, wish.word))
        same.wanted = True
        same.save(update_fields=["wanted"])
        wish = same
    else:
        wish.save()
    require_faultless(files, wish.module)
    _tell(actor, "module_word_drafted", wish)
    return wish


@transaction.atomic
def drop_word(actor: User, files: Catalogue, pk: int) -> None:
    """Take a correction back: a draft goes, one in force goes with the next switching on.

    Raises RowChangedError where it is gone, WordRefusedError where another correction rests on it.
    """
    word = ModuleWord.objects.filter(pk=pk, wanted=True).first()
    if word is None:
        raise RowChangedError
    if word.live:
        word.wanted = False
        word.save(update_fields=["wanted"])
    else:
        word.delete()
    require_faultless(files, word.module)
    _tell(actor, "module_word_dropped", word)


def require_faultless(files: Catalogue, module: str = "") -> None:
    """Raise WordRefusedError where the drafts would spoil the catalogue, told from the side of `module`."""
    faults = find_new_faults(files, get_corrections(drafts=True))
    if faults:
        fault = faults[0]
        if fault.code == "another" and fault.other == module:
            fault = replace(fault, module=fault.other, other=fault.module)
        raise WordRefusedError(fault)


def _require_use(files: Catalogue, wish: ModuleWord) -> None:
    modules = {module.id: module for module in files.modules}
    if wish.module not in modules or wish.tier not in Tier.values:
        raise WordRefusedError(Fault("unknown", wish.module, wish.word))
    words = {phrase_words(word) for word in tiers_of(modules[wish.module])[wish.tier]}
    key = phrase_words(wish.word)
    if not key:
        raise WordRefusedError(Fault("empty", wish.module, wish.word))
    if wish.removes and key not in words:
        raise WordRefusedError(Fault("unknown", wish.module, wish.word))
    if not wish.removes and key in words:
        raise WordRefusedError(Fault("known", wish.module, wish.word))


def _tell(actor: User, verb: str, word: ModuleWord) -> None:
    details = {"module": word.module, "tier": word.tier, "word": word.word, "removes": word.removes}
    Event.objects.create(verb=verb, actor=actor, details=details)
