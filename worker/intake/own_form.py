"""The form of our own corrective reply, found wherever an answer carries it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.intake import markers
from worker.intake.lines import Line, squeezed

_START = markers.FORM_START.split(" (", maxsplit=1)[0]  # mailers wrap and cut the words in brackets
_STARTS = re.compile(rf"\W{{0,12}}{_START}\s*(?:\(|-{{2,}}|$)", re.IGNORECASE)
_END = r"\s+".join(markers.FORM_END.split())
_ENDS = re.compile(rf"\W{{0,12}}{_END}\W{{0,12}}$", re.IGNORECASE)
_QUOTE = re.compile(r"^(?:\s{0,4}[>|]){1,10}\s?")
_LABELLED = re.compile(r"\s*\S[^:\n]{0,60}:")
_START_REST = re.compile(r"[^\n]{0,60}\)\s*-{0,5}\s*$")
_KNOWN_LABEL = re.compile(rf"\W{{0,4}}(?:{markers.loosely(*markers.FORM_LABELS)})[^:]{{0,40}}:", re.IGNORECASE)
_HEADING = re.compile(r"\W{0,4}\d{1,3}\s?\.\s?(?:személy|fő)?", re.IGNORECASE)
_LIST_START = re.compile(rf"\W{{0,12}}{markers.LIST_START.strip(' -')}\W{{0,12}}", re.IGNORECASE)
_LIST_END = re.compile(rf"\W{{0,12}}{markers.LIST_END.strip(' -')}\W{{0,12}}", re.IGNORECASE)
_WRAPPED = 55  # a line so long may have been broken by a mailer
_MOST_LINES = 400


def find_forms(lines: Sequence[Line]) -> dict[int, tuple[int, list[Line]]]:
    """Where forms begin: line index → (index behind the form, its de-quoted lines without the marker lines)."""
    forms: dict[int, tuple[int, list[Line]]] = {}
    at = 0
    while at < len(lines):
        if _START in lines[at].text.upper() and _STARTS.match(_bare(lines[at].text)):
            end, answered = _read_form(lines, at)
            forms[at] = (end, answered)
            at = end
        else:
            at += 1
    return forms


def _read_form(lines: Sequence[Line], start: int) -> tuple[int, list[Line]]:
    begin = start + 1
    if ")" not in lines[start].text and begin < len(lines) and _START_REST.match(_bare(lines[begin].text)):
        begin += 1  # the marker line itself was wrapped
    for at in range(begin, min(len(lines), begin + _MOST_LINES)):
        if _ENDS.match(_bare(lines[at].text)):
            return at + 1, _answered(lines[begin:at])
    # the last line is gone: the form lasts as long as labelled lines follow each other
    at = begin
    blanks = 0
    while at < len(lines) and blanks < 2:
        bare = _bare(lines[at].text)
        blanks = blanks + 1 if not bare.strip() else 0
        if bare.strip() and not _LABELLED.match(bare) and not _HEADING.match(bare.strip()):
            break
        at += 1
    return at, _answered(lines[begin:at])


def _answered(lines: Sequence[Line]) -> list[Line]:
    """The form's lines without quote signs; what was wrapped or typed below its label is put behind it."""
    rows: list[str] = []
    width = 0
    waiting = False  # the last label has no value yet
    for line in lines:
        bare = _bare(line.text)
        text = squeezed(bare.replace("\t", " ").replace("*", " "))
        begins = _KNOWN_LABEL.match(text) is not None or _HEADING.match(text) is not None
        goes_on = rows and text and not begins and (waiting or width >= _WRAPPED or bare.startswith("    "))
        if goes_on:
            rows[-1] = f"{rows[-1]} {text}"
        elif text:
            rows.append(text)
        if text:
            waiting = begins and text.endswith(":")
            width = len(line.text)
    return [Line(row) for row in rows]


def find_list_end(lines: Sequence[Line], at: int) -> int:
    """The index behind our reply's list of modules that begins at `at`; `at` where none does."""
    if not _LIST_START.fullmatch(_bare(lines[at].text)):
        return at
    for end in range(at + 1, min(len(lines), at + _MOST_LINES)):
        if _LIST_END.fullmatch(_bare(lines[end].text)):
            return end + 1
    return at


def _bare(text: str) -> str:
    return _QUOTE.sub("", text)
