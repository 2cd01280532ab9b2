"""The form of our own corrective reply, found wherever an answer carries it. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from worker.intake import markers
from worker.intake.lines import Line, squeezed
from worker.intake.normal import folded

_START = markers.FORM_START.split(" (", maxsplit=1)[0]  # mailers wrap and cut the words in brackets
_STARTS = re.compile(rf"\W{{0,12}}{_START}\s*(?:\(|-{{2,}}|$)", re.IGNORECASE)
_END = r"\s+".join(markers.FORM_END.split())
_ENDS = re.compile(rf"\W{{0,12}}{_END}\W{{0,12}}$", re.IGNORECASE)
_QUOTE = re.compile(r"^(?:\s{0,4}[>|]){1,10}\s?")
_LABELLED = re.compile(r"\s*\S[^:\n]{0,60}:")
_START_REST = re.compile(r"[^\n]{0,60}\)\s*-{0,5}\s*$")
_KNOWN_LABEL = re.compile(rf"\W{{0,4}}(?:{markers.loosely(*markers.FORM_LABELS)})[^:]{{0,40}}:", re.IGNORECASE)
_HEADING = re.compile(r"\W{0,4}\d{1,3}\s?\.\s?(?:személy|fő)?", re.IGNORECASE)
_LIST_WORD = markers.LIST_START.strip(" -")
_LIST_START = re.compile(rf"\W{{0,12}}{markers.LIST_START.strip(' -')}\W{{0,12}}", re.IGNORECASE)
_LIST_END = re.compile(rf"\W{{0,12}}{markers.LIST_END.strip(' -')}\W{{0,12}}", re.IGNORECASE)
_FORM_WORD, _MODULES_WORD = folded(_START), folded(_LIST_WORD)
_OPENING = re.compile(rf"\W{{0,12}}{markers.LETTER_OPENING}", re.IGNORECASE)
_FOOT = re.compile(rf"\W{{0,12}}{markers.LETTER_FOOT}", re.IGNORECASE)
_GREETING = re.compile(r"\W{0,12}Tisztelt\b[^\n]{1,80}!\s*$")
_FOOT_LINES = 12
_WRAPPED = 55  # a line so long may have been broken by a mailer
_MOST_LINES = 400


def may_be_ours(text: str) -> bool:
    """Whether our form or our list of modules may stand in a body of the folded `text`."""
    return _FORM_WORD in text or _MODULES_WORD in text


def find_forms(lines: Sequence[Line]) -> dict[int, tuple[int, list[Line]]]:
    """Where forms begin: line index → (index behind the form, its de-quoted lines without the marker lines)."""
    starts = [at for at, line in enumerate(lines) if _START in line.text.upper() and _STARTS.match(_bare(line.text))]
    if not starts:
        return {}
    ends = [at for at, line in enumerate(lines) if _ENDS.match(_bare(line.text))]
    forms: dict[int, tuple[int, list[Line]]] = {}
    behind = 0
    for start in starts:
        if start >= behind:
            behind, answered = _read_form(lines, start, ends)
            forms[start] = (behind, answered)
    return forms


def _read_form(lines: Sequence[Line], start: int, ends: Sequence[int]) -> tuple[int, list[Line]]:
    begin = start + 1
    if ")" not in lines[start].text and begin < len(lines) and _START_REST.match(_bare(lines[begin].text)):
        begin += 1  # the marker line itself was wrapped
    place = bisect_left(ends, begin)
    if place < len(ends) and ends[place] - begin <= _MOST_LINES:
        return ends[place] + 1, _answered(lines[begin : ends[place]])
    # the last line is gone: the form lasts as long as labelled lines follow each other
    at = begin
    blanks = 0
    while at < min(len(lines), begin + _MOST_LINES) and blanks < 2:
        bare = _bare(lines[at].text).strip()
        blanks = 0 if bare else blanks + 1
        if bare and not _LABELLED.match(bare) and not _HEADING.match(bare):
            break
        at += 1
    return at, _answered(lines[begin:at])


def _answered(lines: Sequence[Line]) -> list[Line]:
    """The form's lines without quote signs; what was wrapped or typed below its label is put behind it.

    Several lines typed below an empty label are several things: they are joined by "; ".
    """
    rows: list[str] = []
    width = 0
    empty = typed = False  # the last label has no value yet; it has what was typed below it
    for line in lines:
        bare = _bare(line.text)
        text = squeezed(bare.replace("\t", " ").replace("*", " "))
        if not text:
            continue
        if _KNOWN_LABEL.match(text) or _HEADING.match(text) or not rows:
            rows.append(text)
            empty, typed = text.endswith(":"), False
        elif empty or typed:
            rows[-1] += f" {text}" if empty or width >= _WRAPPED else f"; {text}"
            empty, typed = False, True
        elif width >= _WRAPPED or bare.startswith("    "):
            rows[-1] += f" {text}"
        else:
            rows.append(text)
        width = len(line.text)
    return [Line(row) for row in rows]


def find_lists(lines: Sequence[Line]) -> dict[int, int]:
    """Where our reply's list of modules begins: line index → index behind it."""
    starts = [
        at for at, line in enumerate(lines) if _LIST_WORD in line.text and _LIST_START.fullmatch(_bare(line.text))
    ]
    ends = [at for at, line in enumerate(lines) if starts and _LIST_END.fullmatch(_bare(line.text))]
    found: dict[int, int] = {}
    for start in starts:
        place = bisect_left(ends, start)
        if place < len(ends) and ends[place] - start <= _MOST_LINES:
            found[start] = ends[place] + 1
    return found


def find_letters(lines: Sequence[Line], forms: Mapping[int, tuple[int, list[Line]]]) -> dict[int, int]:
    """What our letter says around its form, where it comes back without marks: first line → index behind."""
    found: dict[int, int] = {}
    openings = [at for at, line in enumerate(lines) if forms and _OPENING.match(_bare(line.text))]
    for start, (behind, _) in forms.items():
        above = bisect_left(openings, start)
        if above and start - openings[above - 1] < _MOST_LINES:
            found[_greeted(lines, openings[above - 1])] = start
        below = range(behind, min(len(lines), behind + _FOOT_LINES))
        foot = next((at for at in below if _FOOT.match(_bare(lines[at].text))), None)
        if foot is not None:
            found[foot] = next((at for at in range(foot, len(lines)) if not lines[at].text.strip()), len(lines))
    return found


def _greeted(lines: Sequence[Line], opening: int) -> int:
    """The line of the greeting above `opening`, or that itself."""
    for at in range(opening - 1, max(-1, opening - 3), -1):
        if _GREETING.match(_bare(lines[at].text)):
            return at
    return opening


def _bare(text: str) -> str:
    return _QUOTE.sub("", text)
