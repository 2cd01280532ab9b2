"""What was changed in the directories, by whom and when: each value before and after, from the events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from review.directories.shelves import SHELVES
from review.knowledge import get_module_names
from review.labels import label
from staff.access import needs
from staff.roles import Ability
from worker.models import Event

PAGE_SIZE = 50
BY_HAND = ("directory_added", "directory_changed", "directory_deleted")
FROM_FILES = ("directory_imported", "directory_upload_dropped")
OF_WORDS = ("module_word_drafted", "module_word_dropped", "module_words_switched_on", "course_set")
LEARNED = ("clerk_confirmed", "address_accepted")  # decisions on requests; what the directory learned by them counts


@dataclass(frozen=True, slots=True)
class Line:
    """One value: `what` in words, before and after ("" for none)."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An event: `where` is the directory in words, `key` the row, `upload` and `case` lead on (0: nowhere)."""

    at: datetime
    who: User | None
    verb: str
    where: str
    key: str
    lines: list[Line]
    upload: int = 0
    case: int = 0


@needs(Ability.VIEW)
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """The changes, the newest first."""
    page = request.GET.get("page", "")
    number = min(max(int(page), 1), 10_000) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    wanted = Q(verb__in=(*BY_HAND, *FROM_FILES, *OF_WORDS)) | Q(verb__in=LEARNED, details__learned=True)
    rows = list(
        Event.objects.filter(wanted)
        .select_related("actor")
        .order_by("-pk")[(number - 1) * PAGE_SIZE : number * PAGE_SIZE + 1]
    )
    context = {
        "page": "directories",
        "shelves": SHELVES,
        "changes": [_changed(row) for row in rows[:PAGE_SIZE]],
        "number": number,
        "has_next": len(rows) > PAGE_SIZE,
    }
    return render(request, "review/directories/changes.html", context)


def _changed(event: Event) -> Changed:
    details: Mapping[str, Any] = event.details
    where, key, lines, upload = "modules", "", [], 0
    if event.verb in BY_HAND:
        where, key = details["directory"], " – ".join(details["key"])
        lines = list(_values(details["changed"]))
    elif event.verb in FROM_FILES:
        where, key = details["directory"], details.get("file", "")
        upload = details.get("upload", 0) if event.verb == "directory_imported" else 0
        lines = [Line(label("row_fate", fate), "", str(number)) for fate, number in details["counts"].items() if number]
    elif event.verb in LEARNED:
        where = "clerks" if event.verb == "clerk_confirmed" else "addresses"
        key = " – ".join(filter(None, (details.get("municipality"), details.get("address"))))
    elif event.verb == "course_set":
        key, lines = _module(details["module"]), list(_values(details["changed"]))
    else:
        entries = details.get("changes") or [details]
        lines = [_word(entry, dropped=event.verb == "module_word_dropped") for entry in entries]
    case = event.registration_id if event.verb in LEARNED else None
    return Changed(event.at, event.actor, event.verb, label("directory", where), key, lines, upload, case or 0)


def _values(changed: Mapping[str, list[str]]) -> Iterator[Line]:
    for name, (before, after) in changed.items():
        yield Line(label("directory_column", name), before, after)


def _word(entry: Mapping[str, Any], *, dropped: bool) -> Line:
    """A word that comes shows as new, one that goes as gone."""
    what = f"{_module(entry['module'])}, {label('tier', entry['tier'])}"
    comes = (entry["removes"] is False) == (entry.get("wanted", True) and not dropped)
    return Line(what, "" if comes else entry["word"], entry["word"] if comes else "")


def _module(module: str) -> str:
    return get_module_names().get(module, module)
