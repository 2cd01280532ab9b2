"""Which reader gets the lines of which kind of file: grep finds all of them here. Pure."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

from worker.intake.charset import decode_text
from worker.intake.csv_table import csv_lines
from worker.intake.html import html_lines
from worker.intake.lines import Line, plain_lines
from worker.intake.ole import read_ole
from worker.intake.opendocument import read_opendocument
from worker.intake.pdf import read_pdf
from worker.intake.rtf import read_rtf
from worker.intake.spreadsheet import read_xlsx
from worker.intake.word import read_docx
from worker.intake.wrapping import unwrapped
from worker.intake.xml_workbook import read_xml_workbook
from worker.intake.zipped import read_entry


def zip_lines(archive: zipfile.ZipFile) -> list[Line] | None:
    """The lines of a zipped office file; None for a plain archive. Raises UnreadableError."""
    names = set(archive.namelist())
    if "word/document.xml" in names:
        return read_docx(archive)
    if any(name.startswith("xl/workbook.") for name in names):
        return read_xlsx(archive)
    kind = read_entry(archive, "mimetype") if "mimetype" in names else b""
    if kind.startswith((b"application/vnd.oasis.opendocument.spreadsheet", b"application/vnd.oasis.opendocument.text")):
        return read_opendocument(archive)
    return None


def _text_lines(data: bytes) -> list[Line]:
    return plain_lines(decode_text(data)[0])


def _pdf_lines(data: bytes) -> list[Line]:
    return unwrapped(read_pdf(data))


def _html_lines(data: bytes) -> list[Line]:
    return html_lines(decode_text(data)[0])


def _csv_lines(data: bytes) -> list[Line]:
    return csv_lines(decode_text(data)[0])


READERS: dict[str, Callable[[bytes], list[Line]]] = {
    "pdf": _pdf_lines,
    "ole": read_ole,
    "rtf": read_rtf,
    "csv": _csv_lines,
    "text": _text_lines,
    "html": _html_lines,
    "xml": read_xml_workbook,
    "mail": _text_lines,
}
