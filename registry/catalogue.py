"""The module catalogue as staff corrected it: their words merged over the files of config/data.

The files' catalogue comes in, the corrected one goes out; what is not switched on yet counts only where `drafts` is
asked for. A correction that no longer fits the files (a new release knows the word) does nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from registry.corrections import ModuleWord, Tier
from rules.catalogue import Catalogue, Module
from rules.module_faults import Fault, find_faults
from rules.phrase_index import phrase_words

FIELD_OF = {Tier.ANYWHERE: "aliases", Tier.ASKED: "asked", Tier.FIELD: "field"}


def get_corrections(*, drafts: bool = False) -> list[ModuleWord]:
    """The corrections in force, or those that would be once the drafts are switched on; in a fixed order."""
    rows = ModuleWord.objects.filter(wanted=True) if drafts else ModuleWord.objects.filter(live=True)
    return list(rows.order_by("module", "tier", "word"))


def correct_catalogue(catalogue: Catalogue, corrections: Sequence[ModuleWord]) -> Catalogue:
    """`catalogue` with `corrections`; the same value where there are none. Its version names them too."""
    if not corrections:
        return catalogue
    by_module: dict[str, list[ModuleWord]] = {}
    for one in corrections:
        by_module.setdefault(one.module, []).append(one)
    modules = tuple(_corrected(module, by_module.get(module.id, ())) for module in catalogue.modules)
    told = "\n".join(f"{one.module} {one.tier} {one.word} {one.removes}" for one in corrections)
    version = f"{catalogue.version}+{hashlib.sha256(told.encode()).hexdigest()[:6]}"
    return replace(catalogue, modules=modules, version=version)


def find_new_faults(catalogue: Catalogue, corrections: Sequence[ModuleWord]) -> list[Fault]:
    """What is wrong with the catalogue once corrected; the files alone are without fault."""
    return list(find_faults(correct_catalogue(catalogue, corrections).modules, catalogue.words))


def _corrected(module: Module, corrections: Iterable[ModuleWord]) -> Module:
    changed: Mapping[str, list[str]] = {name: list(getattr(module, name)) for name in FIELD_OF.values()}
    for one in corrections:
        words = changed[FIELD_OF[Tier(one.tier)]]
        key = phrase_words(one.word)
        if one.removes:
            words[:] = [word for word in words if phrase_words(word) != key]
        elif all(phrase_words(word) != key for word in words):
            words.append(one.word)
    aliases, asked, field = (tuple(changed[name]) for name in ("aliases", "asked", "field"))
    return replace(module, aliases=aliases, asked=asked, field=field)
