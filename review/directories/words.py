"""All words of the modules as a file, and words taken in from one."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from config.catalogue import load_catalogue
from registry.corrections import ModuleWord, Tier
from registry.exports.cells import neutral
from registry.imports.sheets import UnreadableFileError
from registry.services.import_words import import_words
from review.directories.modules import shown_words, tell_fault
from review.directories.shelves import SHELVES
from review.directories.uploads import find_file, tell_unreadable
from review.labels import label
from review.people import actor
from staff.access import needs
from staff.roles import Ability

SHOWN = 500
COLUMNS = ("module", "name", "tier", "word", "state")


@needs(Ability.VIEW)
@require_GET
def download(_: HttpRequest) -> HttpResponse:
    """Every word of every module, in force or drafted, as CSV: it can be taken in again."""
    corrections: dict[str, list[ModuleWord]] = {}
    for row in ModuleWord.objects.order_by("word"):
        corrections.setdefault(row.module, []).append(row)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([label("words_column", name) for name in COLUMNS])
    for module in load_catalogue().modules:
        for tier in Tier.values:
            for one in shown_words(module, tier, corrections.get(module.id, [])):
                cells = (module.id, module.short_name, label("tier", tier), one.word, label("word_state", one.state))
                writer.writerow([neutral(cell) for cell in cells])
    response = HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tananyagok-szavai.csv"'
    return response


@needs(Ability.DIRECTORIES)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Draft the words of a file and tell what became of each row."""
    try:
        report = import_words(actor(request), find_file(request).data, load_catalogue())
    except UnreadableFileError as error:
        messages.error(request, tell_unreadable(error))
        return redirect("modules")
    context = {
        "page": "directories",
        "shelves": SHELVES,
        "report": report,
        "refused": [(line, tell_fault(fault)) for line, fault in report.refused[:SHOWN]],
    }
    return render(request, "review/directories/words.html", context)
