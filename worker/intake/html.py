"""HTML bodies to lines: what a reader sees, block by block, with quote depth, signature marks and data tables. Pure."""

from __future__ import annotations

import re

from lxml import etree

from worker.intake import bounds
from worker.intake.grid import merged_over
from worker.intake.html_table import is_data_table, table_rows
from worker.intake.html_writer import Writer
from worker.intake.lines import Line, Mark, row_line

_SKIPPED = frozenset(
    ("head", "style", "script", "title", "template", "noscript", "object", "applet", "svg", "map", "datalist")
)
_TEXT_BLOCKS = frozenset(
    ("address", "blockquote", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre")
)
_PAGE_BLOCKS = frozenset(
    ("article", "aside", "body", "details", "fieldset", "figure", "footer", "form", "header", "main", "nav", "section")
)
_LIST_AND_TABLE_BLOCKS = frozenset(("caption", "li", "ol", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"))
_BLOCKS = _TEXT_BLOCKS | _PAGE_BLOCKS | _LIST_AND_TABLE_BLOCKS
_SPACED = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "dl"))
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%|\s*(?:;|$|!))"
    r"|max-height\s*:\s*0(?:px|\s*(?:;|$|!))|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:gmail|yahoo|protonmail|moz|composer|ms-outlook-mobile)[_-]signature|applemailsignature|^ ?signature$|_rc_sig",
    re.IGNORECASE,
)
_BORDER = re.compile(r"border-top\s*:\s*solid\s+#(?:E1E1E1|B5C4DF)", re.IGNORECASE)
_NO_MARGIN = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE)
_UNSEEN = (("<!--", "-->"), ("<style", "</style>"), ("<STYLE", "</STYLE>"), ("<script", "</script>"))
_TAG = re.compile(r"<[^<>]*>")


def html_lines(source: str) -> list[Line]:
    """What a reader of the HTML `source` sees, as lines. Never raises; broken HTML is read as browsers do."""
    root = parse_html(source)
    if root is None:
        return []
    writer = Writer()
    walker = etree.iterwalk(root, events=("start", "end"))
    skipped: etree._Element | None = None
    for event, element in walker:
        if event == "start":
            if is_hidden(element):
                skipped = element
                walker.skip_subtree()
            elif element.tag == "table" and is_data_table(element):
                _write_table(element, writer)
                skipped = element
                walker.skip_subtree()
            else:
                _open(element, writer)
        else:
            if element is skipped:
                skipped = None
            else:
                _close(element, writer)
            writer.write(element.tail)
        if len(writer.lines) >= bounds.LINES:
            break
    writer.end_line()
    return writer.lines


def visible_length(source: str) -> int:
    """About how many letters a reader of `source` sees; cheap, without a parser."""
    for start, end in _UNSEEN:
        source = _without(source, start, end)
    return sum(map(len, _TAG.sub("", source).replace("&nbsp;", "").split()))


def _without(source: str, start: str, end: str) -> str:
    at = source.find(start)
    if at == -1:
        return source
    kept, begin = [], 0
    while at != -1:
        kept.append(source[begin:at])
        close = source.find(end, at)
        if close == -1:
            return "".join(kept)
        begin = close + len(end)
        at = source.find(start, begin)
    return "".join([*kept, source[begin:]])


def parse_html(source: str) -> etree._Element | None:
    """The element tree of `source`; None where nothing can be made of it."""
    data = source[: bounds.HTML_BYTES].replace("\0", "").encode("utf-8", "replace")
    if not data.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return None


def is_hidden(element: etree._Element) -> bool:
    """Whether a reader sees nothing of `element`."""
    tag = element.tag
    if tag in _SKIPPED or not isinstance(tag, str):
        return True
    if tag == "option":
        return element.get("selected") is None
    style = element.get("style")
    return (style is not None and _HIDDEN.search(style) is not None) or element.get("hidden") is not None


def _open(element: etree._Element, writer: Writer) -> None:
    tag = element.tag
    if tag == "br":
        writer.end_line(forced=True)
    elif tag in _BLOCKS:
        writer.end_line()
        if _is_spaced(element):
            writer.blank_line()
    if tag == "blockquote":
        writer.depth += 1
    elif tag == "pre":
        writer.preformatted += 1
    elif tag == "li":
        writer.write(_bullet(element, writer))
    elif tag == "input":
        writer.write(field_value(element))
    if _SIGNATURE.search(_names(element)):
        writer.signature += 1
    if _is_border(element):
        writer.border = True
    writer.write(element.text)


def _close(element: etree._Element, writer: Writer) -> None:
    tag = element.tag
    if tag in _BLOCKS:
        writer.end_line()
    if tag == "pre":
        writer.preformatted -= 1
    if tag == "blockquote":
        writer.depth -= 1
    if _is_spaced(element):
        writer.blank_line()
    if _SIGNATURE.search(_names(element)):
        writer.signature -= 1


def _is_spaced(element: etree._Element) -> bool:
    """Whether a blank line stands around `element`; Outlook's and Word's paragraphs have no margin."""
    if element.tag not in _SPACED:
        return False
    return element.tag != "p" or not (
        (element.get("class") or "").startswith("Mso") or _NO_MARGIN.search(element.get("style") or "")
    )


def _names(element: etree._Element) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _is_border(element: etree._Element) -> bool:
    style = element.get("style") or ""
    return "divRplyFwdMsg" in (element.get("id") or "") or bool("border-top" in style and _BORDER.search(style))


def _bullet(element: etree._Element, writer: Writer) -> str:
    parent = element.getparent()
    if parent is None or parent.tag != "ol":
        return "• "
    if writer.numbered is not parent:
        start = parent.get("start") or "1"
        writer.numbered, writer.number = parent, int(start) if start.isdecimal() and len(start) < 6 else 1
    else:
        writer.number += 1
    return f"{writer.number}. "


def field_value(element: etree._Element) -> str:
    """What a form's field shows: a tick, or its text."""
    kind = (element.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☒ " if element.get("checked") is not None else "☐ "
    return element.get("value") or "" if kind in ("text", "email", "tel", "number", "date") else ""


def _write_table(element: etree._Element, writer: Writer) -> None:
    writer.end_line()
    writer.blank_line()
    writer.tables += 1
    mark = Mark.SIGNATURE if writer.signature else Mark.NONE
    rows = table_rows(element)
    begin, end = merged_over(rows)
    if begin == end:
        begin, end = 0, len(rows)
    writer.lines += [Line(row[0], writer.depth, mark) for row in rows[:begin]]
    writer.lines += [row_line(row, writer.tables, writer.depth, mark) for row in rows[begin:end]]
    writer.lines += [Line(row[0], writer.depth, mark) for row in rows[end:]]
    writer.lines.append(Line("", writer.depth, mark))
