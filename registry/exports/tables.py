"""CSV and XLSX for people: the same columns, headed in the reader's words. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import BinaryIO, TextIO

import xlsxwriter

from registry.exports.cells import neutral
from registry.exports.columns import FIELDS, MACHINE, Wording, cells
from registry.models import Registration

WIDTHS = (10, 18, 28, 22, 9, 24, 34, 48, 34, 34, 34, 30, 40, 26)
MOMENT_FORMAT = "yyyy\\.mm\\.dd\\. hh:mm"


def write_csv(
    registrations: Iterable[Registration],
    stream: TextIO,
    module_names: Mapping[str, str],
    *,
    wording: Wording = MACHINE,
    delimiter: str = ";",
) -> int:
    """Write one line a registration; returns how many."""
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(wording.headings)
    written = 0
    for registration in registrations:
        writer.writerow([_text(value) for value in cells(registration, module_names, wording)])
        written += 1
    return written


def write_xlsx(
    registrations: Iterable[Registration],
    stream: BinaryIO,
    module_names: Mapping[str, str],
    *,
    wording: Wording = MACHINE,
) -> int:
    """Write a workbook of one sheet, moments as dates, all else as strings; returns how many registrations."""
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "in_memory": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("ASP")
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": MOMENT_FORMAT, "align": "left"})
    for column, (heading, width) in enumerate(zip(wording.headings, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    sheet.freeze_panes(1, 0)
    number = 0
    for number, registration in enumerate(registrations, 1):
        for column, value in enumerate(cells(registration, module_names, wording)):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value, moment)
            else:
                sheet.write_string(number, column, neutral(value))
    sheet.autofilter(0, 0, number, len(FIELDS) - 1)
    book.close()
    return number


def _text(value: str | datetime) -> str:
    return neutral(value) if isinstance(value, str) else value.isoformat(sep=" ", timespec="minutes")
