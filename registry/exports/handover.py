"""One entry to every format, with what each needs from the database and the configuration."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from registry.exports.columns import MACHINE, Wording
from registry.exports.jsonl import write_jsonl
from registry.exports.moodle import MoodleDirectory, write_moodle
from registry.exports.tables import write_csv, write_xlsx
from registry.models import Account, Municipality, Registration
from rules.catalogue import Catalogue

MEDIA_TYPES = {
    "moodle": "text/csv; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
SUFFIXES = {"moodle": "csv", "csv": "csv", "xlsx": "xlsx", "jsonl": "jsonl"}
DELIMITERS = {"semicolon": ";", "comma": ",", "tab": "\t"}
CHUNK = 500


@dataclass(frozen=True, slots=True)
class HandoverStyle:
    """How the file shall look. `byte_order_mark` helps Excel and may spoil Moodle's first header."""

    delimiter: str = ";"
    byte_order_mark: bool = False
    wording: Wording = MACHINE


PLAIN = HandoverStyle()


def get_registrations(statuses: Iterable[str]) -> Iterator[Registration]:
    """The registrations in these statuses with their mail's identifier, oldest first, a chunk at a time."""
    rows = Registration.objects.filter(status__in=list(statuses)).select_related("mail").order_by("pk")
    rows = rows.defer("mail__verdict", "mail__trace", "evidence", "suggestions")
    return rows.iterator(chunk_size=CHUNK)


def write_handover(  # noqa: PLR0913  # what, where, with what, and how
    name: str,
    registrations: Iterable[Registration],
    stream: BinaryIO,
    catalogue: Catalogue,
    *,
    courses: Mapping[str, str],
    style: HandoverStyle = PLAIN,
) -> int:
    """Write `registrations` in the format `name` (a key of MEDIA_TYPES); returns how many rows the file has.

    `courses` maps a ProBono identifier to the portal's course short name where that is not the catalogue's.
    """
    names = {module.id: module.short_name for module in catalogue.modules}
    if name == "xlsx":
        return write_xlsx(registrations, stream, names, wording=style.wording)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig" if style.byte_order_mark else "utf-8", newline="")
    try:
        if name == "jsonl":
            return write_jsonl(registrations, text)
        if name == "csv":
            return write_csv(registrations, text, names, wording=style.wording, delimiter=style.delimiter)
        rows = [row for row in registrations if not row.missing_fields]  # Moodle refuses incomplete accounts
        directory = load_moodle_directory(rows, catalogue, names | dict(courses))
        return write_moodle(rows, text, directory, delimiter=style.delimiter)
    finally:
        text.flush()
        text.detach()


def load_moodle_directory(
    rows: Sequence[Registration], catalogue: Catalogue, courses: Mapping[str, str]
) -> MoodleDirectory:
    """What Moodle's file needs of the imported register and accounts, for these registrations."""
    accounts = Account.objects.in_bulk({row.email.lower() for row in rows})
    bodies = Municipality.objects.in_bulk({row.pir for row in rows})
    return MoodleDirectory(
        courses=courses,
        institutions={pir: body.name for pir, body in bodies.items()},
        usernames={email: account.username for email, account in accounts.items() if account.username},
        given_names=catalogue.given_names,
    )
