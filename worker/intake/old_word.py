"""Word's binary documents (.doc since Word 97, MS-DOC) to lines: text and tables, no layout. Pure: bytes in."""

from __future__ import annotations

import re
import struct

from worker.intake import bounds
from worker.intake.compound import Storage
from worker.intake.grid import grid_lines
from worker.intake.html_table import one_line_cell
from worker.intake.lines import Line, squeezed
from worker.intake.normal import normal_text
from worker.intake.unreadable import UnreadableError

_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14?")
_MARKS = re.compile("[\x01\x02\x05\x08\x15\x1f]")
_CELL = "\x07"
_PIECES = 20_000


def read_word(storage: Storage) -> list[Line]:
    """The document's lines. Raises UnreadableError, with "encrypted" where it has a password."""
    text = _document_text(storage).replace("\x0b", "\n").replace("\x0c", "\r").replace("\x1e", "-")
    text = _MARKS.sub("", _FIELD_CODE.sub("", text))
    lines: list[Line] = []
    rows: list[list[str]] = []
    row: list[str] = []
    tokens = text.split(_CELL)
    for number, token in enumerate(tokens):
        *before, cell = token.split("\r") if not row else [token.replace("\r", "\n")]
        if before or number == len(tokens) - 1:
            lines += _table(rows, lines) + _paragraphs(before)
            rows = []
        if number == len(tokens) - 1:
            lines += _paragraphs([cell])
        elif not cell and row and _ends_row(row, rows, tokens[number + 1 :]):
            rows.append(row)
            row = []
        else:
            row.append(one_line_cell(normal_text(cell)))
    return lines


def _ends_row(row: list[str], rows: list[list[str]], following: list[str]) -> bool:
    """Whether an empty mark ends the row and is no empty cell: rows are as wide as the first one."""
    if rows:
        return len(row) >= len(rows[0])
    return not following or following[0] != ""


def _table(rows: list[list[str]], lines: list[Line]) -> list[Line]:
    return grid_lines(rows, first_table=1 + max((line.table for line in lines), default=0)) if rows else []


def _paragraphs(texts: list[str]) -> list[Line]:
    return [Line(squeezed(row)) for text in texts for row in normal_text(text).split("\n")]


def _document_text(storage: Storage) -> str:
    """The main text, put together from its pieces."""
    stream = storage.streams.get("WordDocument", b"")
    if len(stream) < 0x1AA or stream[:2] != b"\xec\xa5":
        raise UnreadableError("unsupported format")
    flags = struct.unpack_from("<H", stream, 0x0A)[0]
    if flags & 0x0100:
        raise UnreadableError("encrypted")
    table = storage.streams.get("1Table" if flags & 0x0200 else "0Table", b"")
    characters = struct.unpack_from("<I", stream, 0x4C)[0]
    start, length = struct.unpack_from("<II", stream, 0x1A2)
    pieces = _piece_table(table[start : start + length])
    if len(pieces) < 16:
        raise UnreadableError("unsupported format")
    count = min((len(pieces) - 4) // 12, _PIECES)
    ends = struct.unpack_from(f"<{count + 1}I", pieces)
    out: list[str] = []
    for index in range(count):
        size = min(ends[index + 1], characters, bounds.TEXT_CHARS) - ends[index]
        if size <= 0:
            break
        place = struct.unpack_from("<I", pieces, (count + 1) * 4 + index * 8 + 2)[0]
        if place & 0x40000000:
            at = (place & 0x3FFFFFFF) // 2
            out.append(stream[at : at + size].decode("cp1252", "replace"))
        else:
            out.append(stream[place : place + size * 2].decode("utf-16-le", "replace"))
    return "".join(out)


def _piece_table(clx: bytes) -> bytes:
    """The piece table behind the property changes."""
    at = 0
    while at + 5 <= len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        return b""
    return clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]]
