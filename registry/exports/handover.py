"""One entry to every format, with what each needs from the database and the configuration."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.db.models import QuerySet

from config.moodle import DELIMITERS, MoodleSettings
from registry.exports.columns import MACHINE, Wording
from registry.exports.gather import CHUNK, LIGHT, by_address, find_people, load_courses, survey
from registry.exports.jsonl import write_jsonl
from registry.exports.moodle import Tell, ignore, write_moodle
from registry.exports.people import PortalPerson
from registry.exports.tables import write_csv, write_xlsx
from registry.models import COMPLETE, Registration
from rules.catalogue import Catalogue

MEDIA_TYPES = {
    "moodle": "text/csv; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
SUFFIXES = {"moodle": "csv", "csv": "csv", "xlsx": "xlsx", "jsonl": "jsonl"}
Watch = Callable[[Iterable[Registration]], Iterable[Registration]]


@dataclass(frozen=True, slots=True)
class HandoverStyle:
    """How the file shall look. `byte_order_mark` helps Excel; an old Moodle takes it for a part of the first header.

    Without a `delimiter` Moodle's file has the configured one, the others a semicolon.
    """

    delimiter: str = ""
    byte_order_mark: bool = False
    wording: Wording = MACHINE


PLAIN = HandoverStyle()


def get_registrations(statuses: Iterable[str]) -> QuerySet[Registration]:
    """The registrations in these statuses, oldest first."""
    return Registration.objects.filter(status__in=list(statuses)).order_by("pk")


def write_handover(  # noqa: PLR0913  # what, where, with what, and how
    name: str,
    rows: QuerySet[Registration],
    stream: BinaryIO,
    catalogue: Catalogue,
    *,
    moodle: MoodleSettings | None = None,
    style: HandoverStyle = PLAIN,
    watch: Watch = lambda rows: rows,
    tell: Tell = ignore,
) -> int:
    """Write `rows` in the format `name` (a key of MEDIA_TYPES); returns how many rows the file has.

    However many there are, they pass a chunk at a time; `watch` sees each go by. `moodle` is the process's own
    configuration unless another is given; `tell` hears of people whom the portal would refuse, and of remarks.
    """
    names = {module.id: module.short_name for module in catalogue.modules}
    light = rows.select_related("mail").defer(*LIGHT)
    if name == "xlsx":
        return write_xlsx(watch(light.iterator(CHUNK)), stream, names, wording=style.wording)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig" if style.byte_order_mark else "utf-8", newline="")
    try:
        if name == "jsonl":
            return write_jsonl(watch(light.iterator(CHUNK)), text)
        if name == "csv":
            passing = watch(light.iterator(CHUNK))
            return write_csv(passing, text, names, wording=style.wording, delimiter=style.delimiter or ";")
        moodle = moodle or settings.ASPOKTATAS.moodle
        people, widest = _gather(rows, catalogue, moodle.courses, watch)
        return write_moodle(people, text, moodle, widest=widest, delimiter=style.delimiter, tell=tell)
    finally:
        text.flush()
        text.detach()


def _gather(
    rows: QuerySet[Registration], catalogue: Catalogue, configured: Mapping[str, str], watch: Watch
) -> tuple[Iterator[PortalPerson], int]:
    """The portal's people, and the greatest number of courses that one has. Who lacks a field is no account yet."""
    rows, courses = rows.filter(COMPLETE), load_courses(configured)
    seen = survey(rows, courses)
    return find_people(watch(by_address(rows).iterator(CHUNK)), catalogue, courses, seen.rivals), seen.widest


__all__ = ["DELIMITERS", "MEDIA_TYPES", "PLAIN", "SUFFIXES", "HandoverStyle", "get_registrations", "write_handover"]
