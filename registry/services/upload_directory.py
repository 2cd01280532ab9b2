"""Upload: a file for a directory is looked at first, and applied or dropped once a person has seen what it would do."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from registry.imports.directories import write_plan
from registry.imports.report import ImportPlan
from registry.imports.take_in import plan_file
from registry.services.directory_refusals import PlanChangedError
from registry.uploads import Upload, UploadState
from rules.catalogue import Catalogue
from worker.models import Event

FORGET_FILE_AFTER = timedelta(days=1)  # a file that nobody applied
FORGET_REPORT_AFTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class File:
    """What was uploaded, for which directory: accounts, clerks or municipalities."""

    what: str
    name: str
    data: bytes


def look_at_upload(actor: User, file: File, catalogue: Catalogue) -> Upload:
    """Keep the file and what it would do; nothing else is changed. Raises UnreadableFileError."""
    plan = plan_file(file.what, file.data, catalogue)
    _forget_old()
    return Upload.objects.create(
        what=plan.what,
        filename=file.name[:200],
        digest=hashlib.sha256(file.data).hexdigest(),
        data=zlib.compress(file.data, 6),
        report=_packed(plan),
        counts=plan.counts,
        mark=plan.mark,
        actor=actor,
    )


@transaction.atomic
def apply_upload(actor: User, pk: int, catalogue: Catalogue, *, remove_gone: bool = False) -> Upload:
    """Write what the upload showed, all or nothing; with `remove_gone` delete what the file no longer holds.

    Raises Upload.DoesNotExist where it is not waiting, PlanChangedError where it would do something else by now
    (commit what `look_again` then keeps outside of this transaction).
    """
    upload = Upload.objects.select_for_update().get(pk=pk, state=UploadState.PLANNED)
    plan = plan_file(_file_kind(upload.what), zlib.decompress(upload.data or b""), catalogue)
    if plan.mark != upload.mark:
        raise PlanChangedError
    write_plan(plan, remove_gone=remove_gone)
    removed = plan.counts["gone"] if remove_gone else 0
    upload.state, upload.data, upload.counts = UploadState.APPLIED, None, {**plan.counts, "removed": removed}
    upload.applied_at = Now()
    upload.save(update_fields=["state", "data", "counts", "applied_at"])
    _tell(actor, "directory_imported", upload)
    return upload


def look_again(pk: int, catalogue: Catalogue) -> None:
    """Make the plan of a waiting upload anew, for the directory has changed."""
    upload = Upload.objects.get(pk=pk, state=UploadState.PLANNED)
    plan = plan_file(_file_kind(upload.what), zlib.decompress(upload.data or b""), catalogue)
    Upload.objects.filter(pk=pk).update(report=_packed(plan), counts=plan.counts, mark=plan.mark)


def drop_upload(actor: User, pk: int) -> None:
    """Forget the file without applying it; once more does no harm."""
    waiting = Upload.objects.filter(pk=pk, state=UploadState.PLANNED)
    with transaction.atomic():
        if waiting.update(state=UploadState.DROPPED, data=None, report=None):
            _tell(actor, "directory_upload_dropped", Upload.objects.get(pk=pk))


def read_report(upload: Upload) -> dict[str, list[Any]]:
    """Every row's fate: new, changed, gone as [line, key, [[column, before, after] …]], refused as [line, code, value].

    Empty where the report was forgotten.
    """
    return json.loads(zlib.decompress(upload.report)) if upload.report else {}


def _packed(plan: ImportPlan) -> bytes:
    report = {
        name: [[fate.line, fate.key, fate.changes] for fate in getattr(plan, name)]
        for name in ("new", "changed", "gone")
    }
    refused = [[one.line, one.code, one.value] for one in plan.refused]
    return zlib.compress(json.dumps(report | {"refused": refused}).encode(), 6)


def _file_kind(what: str) -> str:
    return "municipalities" if what in ("register", "gazetteer") else what


def _forget_old() -> None:
    Upload.objects.filter(state=UploadState.PLANNED, at__lt=Now() - FORGET_FILE_AFTER).update(
        state=UploadState.DROPPED, data=None, report=None
    )
    Upload.objects.filter(report__isnull=False, at__lt=Now() - FORGET_REPORT_AFTER).update(report=None)


def _tell(actor: User, verb: str, upload: Upload) -> None:
    details = {"upload": upload.pk, "directory": upload.what, "file": upload.filename, "counts": upload.counts}
    Event.objects.create(verb=verb, actor=actor, details=details)
