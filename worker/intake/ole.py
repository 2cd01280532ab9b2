"""Microsoft's old compound files: which document one holds, and its lines. Pure: bytes in."""

from __future__ import annotations

from worker.intake.lines import Line
from worker.intake.spreadsheet import read_workbook
from worker.intake.unreadable import UnreadableError


def read_ole(data: bytes) -> list[Line]:
    """The lines of an .xls. Raises UnreadableError."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableError("encrypted")
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return read_workbook(data)
    raise UnreadableError("unsupported format")
