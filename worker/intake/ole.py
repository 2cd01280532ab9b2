"""Microsoft's old office files: which document a compound file holds, and its lines. Pure: bytes in."""

from __future__ import annotations

from worker.intake.compound import read_compound
from worker.intake.lines import Line
from worker.intake.old_word import read_word
from worker.intake.spreadsheet import read_workbook
from worker.intake.unreadable import UnreadableError


def read_ole(data: bytes) -> list[Line]:
    """The lines of an .xls or .doc. Raises UnreadableError."""
    storage = read_compound(data)
    if "EncryptedPackage" in storage.streams:
        raise UnreadableError("encrypted")
    if "Workbook" in storage.streams or "Book" in storage.streams:
        return read_workbook(data)
    if "WordDocument" in storage.streams:
        return read_word(storage)
    raise UnreadableError("unsupported format")
