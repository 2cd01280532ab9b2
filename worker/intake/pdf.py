"""PDF files to lines, through PDFium: text in reading order, form fields and typed notes in their places. Pure."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from worker.intake import bounds
from worker.intake.lines import Line, squeezed
from worker.intake.normal import normal_text
from worker.intake.unreadable import UnreadableError

_RUNS_PER_PAGE = 4_000
_TOO_LITTLE = 20  # characters a page: a scanner's stamp, not a text
_COLUMN_GAP = 1.2  # a gap wider than that many letter heights separates columns


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text on a page; `bottom` and `top` in points from the page's lower edge."""

    left: float
    bottom: float
    right: float
    top: float
    text: str


def read_pdf(data: bytes) -> list[Line]:
    """The lines of the first pages. Raises UnreadableError, with "scan" where the pages are pictures."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("encrypted" if "password" in str(error).lower() else "broken PDF") from error
    try:
        document.init_forms()
        lines: list[Line] = []
        pages = min(len(document), bounds.PDF_PAGES)
        for number in range(pages):
            lines += [*_page_lines(document[number]), Line("")]
            if len(lines) > bounds.LINES:
                break
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("broken PDF") from error
    finally:
        document.close()
    if sum(len(line.text) for line in lines) < _TOO_LITTLE * max(1, min(pages, 2)):
        raise UnreadableError("scan")
    return lines


def _page_lines(page: pypdfium2.PdfPage) -> list[Line]:
    text_page = page.get_textpage()
    runs = list(_typed(page))
    for index in range(min(text_page.count_rects(), _RUNS_PER_PAGE)):
        left, bottom, right, top = text_page.get_rect(index)
        text = normal_text(text_page.get_text_bounded(left, bottom, right, top, errors="replace")).strip()
        if text:
            runs.append(_Run(left, bottom, right, top, text))
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: (-run.bottom, run.left)):
        middle = (run.bottom + run.top) / 2
        if rows and rows[-1][0].bottom <= middle <= rows[-1][0].top:
            rows[-1].append(run)
        else:
            rows.append([run])
    return [Line(_row_text(sorted(row, key=lambda run: run.left))) for row in rows]


def _row_text(row: list[_Run]) -> str:
    """The runs of one line, columns apart by a tab."""
    text = row[0].text
    for before, run in pairwise(row):
        gap = run.left - before.right
        height = max(1.0, run.top - run.bottom)
        if run.text == before.text and abs(gap) > 0 and run.left < before.right - height:
            continue  # bold text is sometimes drawn twice
        text += ("\t" if gap > _COLUMN_GAP * height else " " if gap > 0.1 * height else "") + run.text
    return "\t".join(squeezed(cell) for cell in text.split("\t"))


def _typed(page: pypdfium2.PdfPage) -> Iterator[_Run]:
    """What was typed into form fields and free-text notes: PDFium's text pages leave it out."""
    form = page.formenv.raw if page.formenv else None
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _RUNS_PER_PAGE)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        text = _annotation_text(form, annotation)
        box = pdfium.FS_RECTF()
        if text and pdfium.FPDFAnnot_GetRect(annotation, box):
            yield _Run(box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top), text)
        pdfium.FPDFPage_CloseAnnot(annotation)


def _annotation_text(form: object | None, annotation: object) -> str:
    """A field's value, a tick box's state, a note's words; "" for other annotations."""
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _wide(partial(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents"))
    if kind != pdfium.FPDF_ANNOT_WIDGET or form is None:
        return ""
    field = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if field in (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON):
        return "☒" if pdfium.FPDFAnnot_IsChecked(form, annotation) else "☐"
    if field in (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX):
        return _wide(partial(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation))
    return ""


def _wide(call: Callable[[object, int], int]) -> str:
    """The UTF-16 text that a PDFium function writes: asked first for its length in bytes, then for the text."""
    size = min(call(None, 0), bounds.LINE_CHARS * 2)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    call(buffer, size)
    return squeezed(normal_text(bytes(buffer)[: size - 2].decode("utf-16-le", "replace")).replace("\n", " "))
