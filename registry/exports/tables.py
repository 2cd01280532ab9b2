"""CSV and XLSX for people: the same columns, headed in the reader's words. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO, TextIO

import xlsxwriter

from registry.exports.cells import neutral
from registry.exports.columns import FIELDS, cell_texts
from registry.models import Registration

WIDTHS = (8, 12, 28, 22, 9, 24, 34, 48, 30, 30, 12, 30, 40, 26)


def write_csv(
    registrations: Iterable[Registration],
    stream: TextIO,
    module_names: Mapping[str, str],
    *,
    headings: Sequence[str] = FIELDS,
    delimiter: str = ";",
) -> int:
    """Write one line a registration; returns how many."""
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headings)
    written = 0
    for registration in registrations:
        writer.writerow([neutral(text) for text in cell_texts(registration, module_names)])
        written += 1
    return written


def write_xlsx(
    registrations: Iterable[Registration],
    stream: BinaryIO,
    module_names: Mapping[str, str],
    *,
    headings: Sequence[str] = FIELDS,
) -> int:
    """Write a workbook of one sheet, every cell a string; returns how many registrations are in it."""
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "in_memory": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("ASP")
    bold = book.add_format({"bold": True})
    for column, (heading, width) in enumerate(zip(headings, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    sheet.freeze_panes(1, 0)
    number = 0
    for number, registration in enumerate(registrations, 1):
        for column, text in enumerate(cell_texts(registration, module_names)):
            sheet.write_string(number, column, neutral(text))
    sheet.autofilter(0, 0, number, len(FIELDS) - 1)
    book.close()
    return number
