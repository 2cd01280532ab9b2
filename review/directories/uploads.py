"""Files for a directory: uploaded, looked at, applied or dropped; the report as a page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from config.catalogue import load_catalogue
from registry.exports.cells import neutral
from registry.imports.sheets import MOST_BYTES, UnreadableFileError
from registry.services.directory_refusals import PlanChangedError
from registry.services.upload_directory import File, apply_upload, drop_upload, look_again, look_at_upload, read_report
from registry.uploads import Upload, UploadState
from review.directories.shelves import SHELVES
from review.directories.views import get_shelf
from review.labels import label
from review.people import actor
from staff.access import needs
from staff.roles import Ability

SHOWN = 100
FATES = ("changed", "new", "refused", "gone")


@needs(Ability.DIRECTORIES)
@require_POST
def upload(request: HttpRequest, name: str) -> HttpResponse:
    """Look at a file; nothing of the directory is changed yet."""
    shelf = get_shelf(name)
    if not shelf.takes:
        raise Http404
    try:
        found = look_at_upload(actor(request), find_file(request, shelf.takes), load_catalogue())
    except UnreadableFileError as error:
        messages.error(request, tell_unreadable(error))
        return redirect("directory", name=name)
    if found.what != name:
        messages.info(request, label("done", "upload_elsewhere", directory=label("directory", found.what)))
    return redirect("directory-upload", pk=found.pk)


@needs(Ability.DIRECTORIES)
@require_GET
def show_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would do, or did."""
    found = _get(pk)
    report = read_report(found)
    groups = [(fate, found.counts.get(fate, 0), report.get(fate, [])[:SHOWN]) for fate in FATES]
    present = found.counts.get("unchanged", 0) + found.counts.get("changed", 0) + found.counts.get("gone", 0)
    context = {
        "page": "directories",
        "shelves": SHELVES,
        "shelf": get_shelf(found.what),
        "upload": found,
        "groups": groups,
        "is_forgotten": not report,
        "does_nothing": not (found.counts.get("new") or found.counts.get("changed") or found.counts.get("gone")),
        "half_gone": found.counts.get("gone", 0) * 2 > present,
    }
    return render(request, "review/directories/upload.html", context)


@needs(Ability.DIRECTORIES)
@require_GET
def download(_: HttpRequest, pk: int) -> HttpResponse:
    """The whole report as CSV, as Excel opens it."""
    found = _get(pk)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([label("report_column", name) for name in ("fate", "line", "key", "what", "before", "after")])
    for row in _lines(read_report(found)):
        writer.writerow([neutral(str(cell)) for cell in row])
    response = HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="nevtar-{found.what}-{found.pk}.csv"'
    return response


@needs(Ability.DIRECTORIES)
@require_POST
def settle(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Apply or drop a file that was looked at."""
    found = _get(pk)
    if verb == "drop":
        drop_upload(actor(request), pk)
        messages.success(request, label("done", "upload_dropped"))
        return redirect("directory", name=found.what)
    try:
        apply_upload(actor(request), pk, load_catalogue(), remove_gone=request.POST.get("remove_gone") == "1")
    except PlanChangedError:
        look_again(pk, load_catalogue())
        messages.warning(request, label("refused", "plan_changed"))
    except Upload.DoesNotExist:
        messages.warning(request, label("refused", "upload_settled"))
    else:
        messages.success(request, label("done", "upload_applied"))
    return redirect("directory-upload", pk=pk)


def _get(pk: int) -> Upload:
    return get_object_or_404(Upload.objects.exclude(state=UploadState.DROPPED).select_related("actor"), pk=pk)


def find_file(request: HttpRequest, what: str = "") -> File:
    """The uploaded file, read within bounds. Raises UnreadableFileError."""
    file = request.FILES.get("file")
    if file is None or file.size is None:
        raise UnreadableFileError("none")
    if file.size > MOST_BYTES:
        raise UnreadableFileError("too_large", detail=f"{MOST_BYTES // 1_000_000} MB")
    return File(what, file.name or "", file.read())


def tell_unreadable(error: UnreadableFileError) -> str:
    """Why a file was not taken in, in words."""
    return label("unreadable_file", error.code, **error.facts)


def _lines(report: dict[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    for fate in FATES:
        words = label("row_fate", fate)
        for row in report.get(fate, []):
            if fate == "refused":
                line, code, value = row
                yield words, line, "", label("import_refusal", code, value=value), "", ""
                continue
            line, key, changes = row
            for column, before, after in changes or [("", "", "")]:
                yield words, line or "", " – ".join(key), label("directory_column", column), before, after
