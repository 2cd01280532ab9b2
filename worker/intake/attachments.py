"""Attachments to what is known of them and to Parts with their text. Pure; never raises.

One reader a kind of file, in `readers.READERS`; containers (zip, winmail.dat, .asice) are opened one level deep.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

from rules.model import Attachment, Part, PartKind
from worker.intake import bounds
from worker.intake.file_kind import File, file_of_bytes
from worker.intake.lines import joined
from worker.intake.pictures import worth_a_look
from worker.intake.readers import READERS, zip_lines
from worker.intake.tables import with_tables
from worker.intake.unreadable import UnreadableError
from worker.intake.zipped import open_zip, read_entry

_INNER_FILES = 10
_MEANING = {
    "archive": "archive",
    "container": "signed container",
    "office": "unsupported format",
    "msg": "unsupported format",
    "signed": "signed container",
    "unknown": "unknown format",
    "picture": "picture",
}


Read = tuple[Attachment, Part | None]


def read_files(files: Iterable[File]) -> list[Read]:
    """What is known of each file and of those in containers, with its text where it has any."""
    read: list[Read] = []
    for file in files:
        left = bounds.ATTACHMENTS_READ - sum(1 for _, part in read if part is not None)
        read += list(_read_file(file, nested=False)) if left > 0 else [(_described(file, False, "too many"), None)]
    return read


def _described(file: File, readable: bool | None, reason: str = "") -> Attachment:
    return Attachment(file.filename, file.content_type, file.size, readable, reason)


def _read_file(file: File, *, nested: bool) -> Iterator[Read]:
    kind = file.kind
    if kind == "picture":
        look = worth_a_look(file.head, file.size, file.filename, inline=file.inline)
        yield _described(file, False if look else None, "picture" if look else ""), None
    elif kind in ("ignored", "tnef"):
        yield _described(file, None), None
    elif kind in _MEANING:
        yield _described(file, False, _MEANING[kind]), None
    elif file.size > bounds.ATTACHMENT_BYTES:
        yield _described(file, False, "too large"), None
    else:
        yield from _read_text(file, kind, nested=nested)


def _read_text(file: File, kind: str, *, nested: bool) -> Iterator[Read]:
    try:
        if kind == "zip":
            archive = open_zip(file.content())
            inner = _inner_files(file, archive)
            lines = zip_lines(archive)
            if lines is None:
                if nested or not inner:
                    raise UnreadableError("archive")
                yield _described(file, None), None
                for found in inner:
                    yield from _read_file(found, nested=True)
                return
        else:
            lines = READERS[kind](file.content())
        text, tables = joined(with_tables(lines[: bounds.LINES]))
        if not text.strip():
            raise UnreadableError("empty")
    except UnreadableError as error:
        yield _described(file, None if error.reason == "empty" and file.size < 100 else False, error.reason), None
    except Exception:
        # the libraries below raise what they like on hostile files, and none of it says more than this
        yield _described(file, False, "broken"), None
    else:
        yield _described(file, True), Part(PartKind.ATTACHMENT, text[: bounds.TEXT_CHARS], file.filename, tables)


def _inner_files(file: File, archive: zipfile.ZipFile) -> list[File]:
    """The files worth reading in an archive or signed container; more than a few are left to a person."""
    names = [
        entry.filename
        for entry in archive.infolist()
        if not entry.is_dir()
        and entry.filename != "mimetype"
        and not entry.filename.startswith(("META-INF/", "__MACOSX/"))
    ]
    if len(names) > _INNER_FILES:
        return []
    return [file_of_bytes(f"{file.filename}/{name}", read_entry(archive, name)) for name in names]
