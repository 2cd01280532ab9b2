"""The drafts of the module catalogue: seen together, held against a replay, switched on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from config.catalogue import load_catalogue
from registry.catalogue import correct_catalogue, get_corrections
from registry.replays import Compared, Replay, ReplayState
from registry.services.directory_refusals import DraftsChangedError, WordRefusedError
from registry.services.switch_on_words import get_drafts, mark_of, switch_on_words
from review.directories.modules import tell_fault
from review.knowledge import get_module_names
from review.labels import label
from review.people import actor
from staff.access import needs
from staff.roles import Ability


@needs(Ability.REPLAY)
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """What would come into force, and what it would change."""
    drafts, names = get_drafts(), get_module_names()
    context = {
        "page": "ruledesk",
        "desk": "drafts",
        "drafts": [(draft, names.get(draft.module, draft.module)) for draft in drafts],
        "mark": mark_of(drafts),
        "shown": _find_replay() if drafts else None,
    }
    return render(request, "review/ruledesk/drafts.html", context)


@needs(Ability.REPLAY)
@require_POST
def switch_on(request: HttpRequest) -> HttpResponse:
    """Put the drafts that were seen into force; without a replay of them only where the person says so."""
    if _find_replay() is None and request.POST.get("unseen") != "1":
        messages.warning(request, label("refused", "drafts_unseen"))
        return redirect("drafts")
    try:
        number = switch_on_words(actor(request), load_catalogue(), request.POST.get("seen", ""))
    except DraftsChangedError:
        messages.warning(request, label("refused", "drafts_changed"))
    except WordRefusedError as error:
        messages.error(request, tell_fault(error.fault))
    else:
        messages.success(request, label("done", "words_switched_on", number=number))
        return redirect("modules")
    return redirect("drafts")


def _find_replay() -> Replay | None:
    """The latest finished replay of exactly these drafts over exactly what is in force."""
    files = load_catalogue()
    now, then = (correct_catalogue(files, get_corrections(drafts=drafts)).version for drafts in (False, True))
    rows = Replay.objects.filter(compares=Compared.DRAFTS, state=ReplayState.DONE, version=f"{now}|{then}")
    return rows.order_by("-pk").first()
