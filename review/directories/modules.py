"""The module catalogue: each module's names, words and course, and what staff want to change of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from config.catalogue import load_catalogue
from registry.catalogue import correct_catalogue, find_new_faults, get_corrections
from registry.corrections import ModuleCourse, ModuleWord, Tier
from registry.exports.gather import load_courses
from registry.folding import fold
from registry.services.directory_refusals import RowChangedError, WordRefusedError
from registry.services.draft_word import draft_word, drop_word
from registry.services.set_course import set_course
from registry.services.switch_on_words import get_drafts
from review.directories.shelves import SHELVES
from review.knowledge import get_module_names
from review.labels import label
from review.people import actor
from rules.catalogue import Module
from rules.module_faults import Fault, tiers_of
from rules.phrase_index import phrase_words
from staff.access import needs
from staff.roles import Ability

COURSE_LIMIT = 255


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word of a module. `state` is file, removed (of the file, not in force), added, draft_added, draft_removed,
    draft_back; `pk` is its correction's, 0 for none."""

    word: str
    state: str
    pk: int = 0


@needs(Ability.VIEW)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every module, or those that have every word searched in a name, an alias, the course."""
    words = request.GET.get("q", "").strip()[:200]
    catalogue = correct_catalogue(load_catalogue(), get_corrections())
    courses = load_courses(settings.ASPOKTATAS.moodle.courses)
    found = [
        (module, courses.get(module.id, ""), _hits(module, words))
        for module in catalogue.modules
        if _fits(module, courses.get(module.id, ""), words)
    ]
    context = {
        "page": "directories",
        "shelves": SHELVES,
        "modules": found,
        "words": words,
        "drafts": len(get_drafts()),
        "version": catalogue.version,
        "faults": [tell_fault(one) for one in find_new_faults(load_catalogue(), get_corrections(drafts=True))],
    }
    return render(request, "review/directories/modules.html", context)


@needs(Ability.VIEW)
@require_GET
def show(request: HttpRequest, module: str) -> HttpResponse:
    """A module's page."""
    return _show(request, _get(module))


@needs(Ability.DIRECTORIES)
@require_POST
def draft(request: HttpRequest, module: str) -> HttpResponse:
    """Draft a word to be added, or one of the files to be left out."""
    one = _get(module)
    removes = request.POST.get("removes") == "1"
    word, tier = request.POST.get("word", "")[:200], request.POST.get("tier", "")
    wish = ModuleWord(module=one.id, tier=tier, word=word, removes=removes)
    try:
        draft_word(actor(request), load_catalogue(), wish)
    except WordRefusedError as error:
        return _show(request, one, refusal=tell_fault(error.fault), word=word, tier=tier)
    messages.success(request, label("done", "word_drafted"))
    return redirect("module", module=module)


@needs(Ability.DIRECTORIES)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a correction back."""
    word = ModuleWord.objects.filter(pk=pk).first()
    if word is None:
        messages.warning(request, label("refused", "row_changed"))
        return redirect("modules")
    try:
        drop_word(actor(request), load_catalogue(), pk)
    except WordRefusedError as error:
        return _show(request, _get(word.module), refusal=tell_fault(error.fault))
    except RowChangedError:
        messages.warning(request, label("refused", "row_changed"))
    else:
        messages.success(request, label("done", "word_dropped"))
    return redirect("module", module=word.module)


@needs(Ability.DIRECTORIES)
@require_POST
def course(request: HttpRequest, module: str) -> HttpResponse:
    """Set the short name of the module's course at the portal."""
    one = _get(module)
    name = " ".join(request.POST.get("course", "").split())[:COURSE_LIMIT]
    try:
        set_course(actor(request), one.id, name, request.POST.get("seen", ""))
    except RowChangedError:
        return _show(request, one, refusal=label("refused", "row_changed"))
    messages.success(request, label("done", "course_set"))
    return redirect("module", module=module)


def _get(module: str) -> Module:
    found = next((one for one in load_catalogue().modules if one.id == module), None)
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, module: Module, *, refusal: str = "", word: str = "", tier: str = "") -> HttpResponse:
    own = ModuleCourse.objects.filter(pk=module.id).select_related("author").first()
    rows = list(ModuleWord.objects.filter(module=module.id).order_by("word"))
    context = {
        "page": "directories",
        "shelves": SHELVES,
        "module": module,
        "tiers": [(one, shown_words(module, one, rows)) for one in Tier.values],
        "configured": settings.ASPOKTATAS.moodle.courses.get(module.id, ""),
        "own_course": own,
        "drafts": sum(one.live != one.wanted for one in rows),
        "refusal": refusal,
        "word": word,
        "tier": tier or Tier.ASKED,
        "inside": get_module_names().get(module.inside, ""),
    }
    return render(request, "review/directories/module.html", context, status=409 if refusal else 200)


def shown_words(module: Module, tier: str, corrections: list[ModuleWord]) -> list[ShownWord]:
    """The words of one tier: the corrected ones first, then those of the files as they stand."""
    mine = [one for one in corrections if one.tier == tier]
    removals = {phrase_words(one.word) for one in mine if one.removes}
    shown = [ShownWord(one.word, _state(one), one.pk) for one in mine]
    return shown + [
        ShownWord(word, "file") for word in sorted(tiers_of(module)[tier]) if phrase_words(word) not in removals
    ]


def _state(word: ModuleWord) -> str:
    if word.live and word.wanted:
        return "removed" if word.removes else "added"
    if word.wanted:
        return "draft_removed" if word.removes else "draft_added"
    return "draft_back" if word.removes else "draft_gone"


def tell_fault(fault: Fault) -> str:
    """Why a word was refused, in words."""
    names = get_module_names()
    other = names.get(fault.other, fault.other)
    return label("fault", fault.code, word=fault.word, module=names.get(fault.module, fault.module), other=other)


def _fits(module: Module, course: str, words: str) -> bool:
    told = " ".join((module.id, module.short_name, module.probono_name, course, *_all_words(module)))
    return all(word in fold(told) for word in fold(words).split())


def _hits(module: Module, words: str) -> list[str]:
    """The words of the module that hold a word searched."""
    wanted = fold(words).split()
    return [word for word in _all_words(module) if any(one in word for one in wanted)][:6]


def _all_words(module: Module) -> list[str]:
    return [word for words in tiers_of(module).values() for word in words]
