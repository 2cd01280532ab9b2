"""Switch on: the drafted words of the module catalogue come into force, all of them, for every process."""

from __future__ import annotations

import hashlib

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from registry.corrections import ModuleWord
from registry.directory import mark_directories_changed
from registry.services.directory_refusals import DraftsChangedError
from registry.services.draft_word import require_faultless
from rules.catalogue import Catalogue
from worker.models import Event


def get_drafts() -> list[ModuleWord]:
    """The words that the next switching on brings or takes away, in a fixed order."""
    rows = ModuleWord.objects.exclude(live=F("wanted")).select_related("author")
    return list(rows.order_by("module", "tier", "word"))


def mark_of(drafts: list[ModuleWord]) -> str:
    """Names a set of drafts: what a person saw, or a replay was run with; "" for none."""
    if not drafts:
        return ""
    told = "\n".join(f"{one.module} {one.tier} {one.word} {one.removes} {one.wanted}" for one in drafts)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@transaction.atomic
def switch_on_words(actor: User, files: Catalogue, seen: str) -> int:
    """Put the drafts that were `seen` (their mark) into force; returns how many.

    Raises DraftsChangedError, WordRefusedError.
    """
    rows = ModuleWord.objects.exclude(live=F("wanted")).select_for_update(of=("self",))
    drafts = list(rows.order_by("module", "tier", "word"))
    if not drafts or mark_of(drafts) != seen:
        raise DraftsChangedError
    require_faultless(files)
    ModuleWord.objects.filter(wanted=False).delete()
    ModuleWord.objects.filter(live=False).update(live=True)
    mark_directories_changed()
    changes = [
        {"module": one.module, "tier": one.tier, "word": one.word, "removes": one.removes, "wanted": one.wanted}
        for one in drafts
    ]
    Event.objects.create(verb="module_words_switched_on", actor=actor, details={"changes": changes})
    return len(drafts)
