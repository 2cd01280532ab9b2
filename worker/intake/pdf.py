"""PDF files to lines, through PDFium: text in reading order, form fields and typed notes in their places. Pure."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from functools import partial

import pypdfium2
import pypdfium2.raw as pdfium

from worker.intake import bounds
from worker.intake.lines import Line, squeezed
from worker.intake.normal import normal_text
from worker.intake.pdf_bounds import check_streams
from worker.intake.pdf_layout import Run, page_lines
from worker.intake.unreadable import UnreadableError

_RUNS_PER_PAGE = 4_000
_TOO_LITTLE = 20  # characters a page: a scanner's stamp, not a text


def read_pdf(data: bytes) -> list[Line]:
    """The lines of the first pages. Raises UnreadableError, with "scan" where the pages are pictures."""
    check_streams(data)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("encrypted" if "password" in str(error).lower() else "broken PDF") from error
    try:
        document.init_forms()
        lines: list[Line] = []
        pages = min(len(document), bounds.PDF_PAGES)
        for number in range(pages):
            table = 1 + max((line.table for line in lines), default=0)
            lines += [*page_lines(_page_runs(document[number]), table), Line("")]
            if len(lines) > bounds.LINES:
                break
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("broken PDF") from error
    finally:
        document.close()
    if sum(len(line.text) for line in lines) < _TOO_LITTLE * max(1, min(pages, 2)):
        raise UnreadableError("scan")
    return lines


def _page_runs(page: pypdfium2.PdfPage) -> list[Run]:
    text_page = page.get_textpage()
    runs = list(_typed(page))
    for index in range(min(text_page.count_rects(), _RUNS_PER_PAGE)):
        left, bottom, right, top = text_page.get_rect(index)
        text = normal_text(text_page.get_text_bounded(left, bottom, right, top, errors="replace")).strip()
        if text:
            runs.append(Run(left, bottom, right, top, text.replace("\n", " ")))
    return runs


def _typed(page: pypdfium2.PdfPage) -> Iterator[Run]:
    """What was typed into form fields and free-text notes: PDFium's text pages leave it out."""
    form = page.formenv.raw if page.formenv else None
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _RUNS_PER_PAGE)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        text = _annotation_text(form, annotation)
        box = pdfium.FS_RECTF()
        if text and pdfium.FPDFAnnot_GetRect(annotation, box):
            yield Run(box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top), text)
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
