"""The lines that an HTML body is becoming: blanks collapsed as browsers do, marks and quote depth kept. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from worker.intake.lines import Line, Mark, bounded_line
from worker.intake.normal import normal_text

BLANKS = re.compile(r"[ \t\n\r\f]+")


@dataclass(slots=True)
class Writer:
    """The lines so far, the pieces of the one under way, and what is open around it."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    depth: int = 0
    signature: int = 0
    border: bool = False
    tables: int = 0
    preformatted: int = 0
    numbered: etree._Element | None = None  # the list whose entries are being counted
    number: int = 0
    held_open: bool = False  # a no-break blank alone in a paragraph is how mailers write an empty line

    def write(self, text: str | None) -> None:
        """Add the document's `text` to the line under way."""
        if not text:
            return
        self.held_open = self.held_open or "\u00a0" in text
        text = normal_text(text)
        self.pieces.append(text if self.preformatted else BLANKS.sub(" ", text))

    def end_line(self, *, forced: bool = False) -> None:
        """Finish the line under way; without text only where `forced` (a <br>)."""
        text = "".join(self.pieces)
        self.pieces.clear()
        if not self.preformatted:
            text = BLANKS.sub(" ", text).strip(" ")
        held_open, self.held_open = self.held_open, False
        if not text.strip() and not forced:
            if held_open:
                self.blank_line()
            return
        for row in text.split("\n"):
            mark = Mark.SIGNATURE if self.signature else Mark.NONE
            if self.border and row.strip():
                mark, self.border = Mark.BORDER, False
            self.lines.append(Line(bounded_line(row), self.depth, mark))

    def blank_line(self) -> None:
        """Leave one line blank, unless the last one is."""
        if self.lines and self.lines[-1].text:
            self.lines.append(Line("", self.depth, Mark.SIGNATURE if self.signature else Mark.NONE))
