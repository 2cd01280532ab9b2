"""Rich Text Format to lines: letters in their code page, paragraphs, table rows. Pure, linear: bytes in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from worker.intake import bounds
from worker.intake.charset import python_codec
from worker.intake.grid import grid_lines
from worker.intake.lines import Line, squeezed
from worker.intake.normal import normal_text

_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata datastore listtable listoverridetable rsidtbl generator"
    b" xmlnstbl fldinst header footer headerl headerr footerl footerr latentstyles mmathPr wgrffmtfilter bkmkstart"
    b" bkmkend template filetbl nonshppict shpinst".split()
)
_CELL, _ROW = "\ue01f", "\ue01e"  # private letters that no text holds
_CHARACTERS = {
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"tab": "\t",
    b"line": "\n",
    b"par": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"row": _ROW,
    b"cell": _CELL,
    b"nestcell": " ",
    b"~": "\u00a0",
    b"_": "-",
}


def read_rtf(data: bytes) -> list[Line]:
    """The document's lines; rows of cells become tables."""
    text = rtf_text(data)
    lines: list[Line] = []
    rows: list[list[str]] = []
    for row in re.split(f"[\n{_ROW}]", text):
        if _CELL in row:
            rows.append([squeezed(cell.replace("\n", " ")) for cell in row.split(_CELL)[:-1]])
            continue
        if rows and row.strip():
            lines += grid_lines(rows, first_table=1 + max((line.table for line in lines), default=0))
            rows = []
        if not rows:
            lines.append(Line(squeezed(row)))
    return lines + grid_lines(rows, first_table=1 + max((line.table for line in lines), default=0))


@dataclass(slots=True)
class _Decoder:
    """The text so far, bytes still to decode, and what groups save: whether text is skipped, `\\uc`."""

    out: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    codec: str = "cp1250"
    skip: bool = False
    unicode_skip: int = 1
    saved: list[tuple[bool, int]] = field(default_factory=list)
    to_drop: int = 0

    def add_bytes(self, raw: bytes) -> None:
        """Letters of the code page; those that repeat a `\\u` letter for old readers are dropped."""
        kept = raw[self.to_drop :]
        self.to_drop = max(0, self.to_drop - len(raw))
        if not self.skip:
            self.pending += kept

    def flush(self) -> None:
        """Decode the bytes gathered."""
        if self.pending:
            self.out.append(self.pending.decode(self.codec, "replace"))
            self.pending.clear()

    def add(self, text: str) -> None:
        """Text that stands for itself, unless it is skipped."""
        if text and not self.skip:
            self.out.append(text)

    def brace(self, which: bytes) -> None:
        """A group begins, or ends and gives back what it changed."""
        if which == b"{":
            self.saved.append((self.skip, self.unicode_skip))
        else:
            self.skip, self.unicode_skip = self.saved.pop() if self.saved else (False, 1)

    def word(self, word: bytes, number: int | None) -> None:
        """A control word with its number, if any."""
        if word in _SKIPPED:
            self.skip = True
        elif word == b"ansicpg" and number is not None:
            self.codec = python_codec(f"cp{number}") or self.codec
        elif word == b"uc" and number is not None:
            self.unicode_skip = max(0, min(number, 8))
        elif word == b"u" and number is not None:
            self.add(chr(number % 65536))
            self.to_drop = 0 if self.skip else self.unicode_skip
        else:
            self.add(_CHARACTERS.get(word, ""))


def rtf_text(data: bytes) -> str:
    """The text with `_CELL` after cells and `_ROW` after rows."""
    decoder = _Decoder()
    for match in _TOKEN.finditer(data[: bounds.HTML_BYTES]):
        code, word, number, symbol, brace, plain = match.groups()
        if code is not None or plain is not None:
            decoder.add_bytes(bytes([int(code, 16)]) if code is not None else plain)
            continue
        decoder.flush()
        if brace is not None:
            decoder.brace(brace)
        elif symbol == b"*":
            decoder.skip = True
        elif symbol is not None:
            decoder.add(_CHARACTERS.get(symbol, symbol.decode("latin-1") if symbol in b"\\{}" else ""))
        elif word is not None:
            decoder.word(word, int(number) if number else None)
    decoder.flush()
    text = "".join(decoder.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return normal_text(text)
