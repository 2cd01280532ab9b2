"""Tables of HTML: which ones hold data, and their rows with merged cells repeated. Pure."""

from __future__ import annotations

import re

from lxml import etree

from worker.intake import bounds
from worker.intake.lines import squeezed
from worker.intake.normal import normal_text

_CELL_CHARS = 800  # a longer cell is a column of a page layout
_BREAKS = frozenset(("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"))
_NEVER_IN_DATA = frozenset(("blockquote", "hr", "form"))
_GLUE = (",", ";", ":", "-", "–", "/", "(")
# What begins the second line of one thing, not a second thing
_GOES_ON = re.compile(
    r"[,;:)/–(-]|(?:(?:vár)?megye|község|nagyközség|város|önkormányzat|polgármesteri|közös|hivatal|szám|cím|nev|teljes"
    r"|szakrendszer|modul|tananyag|és|vagy|valamint|illetve)",
    re.IGNORECASE,
)


def is_data_table(table: etree._Element) -> bool:
    """Whether `table` is data (several filled columns of short cells) and not a page's layout."""
    for nested in table.iterdescendants("table", *_NEVER_IN_DATA):
        if nested.tag != "table" or len(list(nested.iter("td", "th"))) > 1:
            return False
    filled: set[int] = set()
    widest = 0
    for row in _rows(table):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        widest = max(widest, len(cells))
        for column, cell in enumerate(cells):
            length = sum(len(piece) for piece in cell.itertext())
            if length > _CELL_CHARS * 3 or (length > _CELL_CHARS and len(cell_text(cell)) > _CELL_CHARS):
                return False
            if length and cell_text(cell):
                filled.add(column)
    return len(filled) >= 2


def _rows(table: etree._Element) -> list[etree._Element]:
    """The table's own rows, those of tables inside it left out."""
    rows: list[etree._Element] = []
    for child in table:
        rows += [child] if child.tag == "tr" else list(child.iterchildren("tr"))
    return rows


def table_rows(table: etree._Element) -> list[list[str]]:
    """The texts of the cells, row by row, `rowspan` and `colspan` repeated; empty rows left out."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # column → (rows still to fill, text)
    for number, row in enumerate(_rows(table)[: bounds.TABLE_ROWS]):
        texts: list[str] = []
        below: dict[int, tuple[int, str]] = {}
        heading = number == 0 and len(row) > 2
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            if len(texts) >= bounds.TABLE_COLUMNS:
                break
            _fill_hanging(texts, hanging, below)
            text = cell_text(cell, heading=heading)
            rows = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if rows > 1:
                    below[len(texts)] = (rows - 1, text)
                if len(texts) < bounds.TABLE_COLUMNS:
                    texts.append(text)
        _fill_hanging(texts, hanging, below)
        hanging = below
        if any(texts):
            grid.append(texts)
    width = max((len(texts) for texts in grid), default=0)
    return [texts + [""] * (width - len(texts)) for texts in grid]


def _fill_hanging(texts: list[str], hanging: dict[int, tuple[int, str]], below: dict[int, tuple[int, str]]) -> None:
    """Put in what hangs down from the rows above at the next columns."""
    while len(texts) in hanging and len(texts) < bounds.TABLE_COLUMNS:
        rows, text = hanging[len(texts)]
        if rows > 1:
            below[len(texts)] = (rows - 1, text)
        texts.append(text)


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), bounds.TABLE_COLUMNS)) if value.isdecimal() else 1


def cell_text(cell: etree._Element, *, heading: bool = False) -> str:
    """A cell's text on one line; its own lines joined by "; ", or by a blank where the sentence goes on."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            if element.tag in _BREAKS:
                pieces.append("\n")
            if element.tag not in ("style", "script"):
                pieces.append(_flat(element.text))
        else:
            if element.tag in _BREAKS:
                pieces.append("\n")
            if element is not cell:
                pieces.append(_flat(element.tail))
    return one_line_cell("".join(pieces), heading=heading or cell.tag == "th")


def _flat(text: str | None) -> str:
    return normal_text(text).replace("\n", " ") if text else ""


def one_line_cell(text: str, *, heading: bool = False) -> str:
    """The lines of a cell as one: a list stays a list ("; "), what was only broken for its width becomes whole."""
    out = ""
    for row in text.replace("\t", " ").split("\n"):
        piece = squeezed(row)
        if not piece:
            continue
        whole = heading or out.endswith(_GLUE) or _GOES_ON.match(piece) is not None
        out = f"{out} {piece}" if out and whole else f"{out}; {piece}" if out else piece
    return out
