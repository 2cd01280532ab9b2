"""Boxes to tick and words for yes and no: which items of a list of choices were chosen."""

from __future__ import annotations

import re

from rules.text import fold

_BOX_SIGNS = "☒☑✓✔✅■▣⊠✗✘🗹🗷☓☐□❏❑▢⬜◻○⃞[("
_TICKED = r"[☒☑✓✔✅■▣⊠✗✘🗹🗷☓]|[\[(]\s?[xX✓✔✗]\s?[\])]"
_UNTICKED = r"[☐□❏❑▢⬜◻○⃞]|\[[ _]{0,4}\]|\([ _]{1,4}\)"
_BOX = re.compile(f"(?P<ticked>{_TICKED})|(?P<unticked>{_UNTICKED})")
_MAY_BE_BOX = re.compile(f"[{re.escape(_BOX_SIGNS)}]")  # one stands in whatever _BOX finds, and is cheap to seek
_SURE_EMPTY = re.compile(r"☐|\[[ _]{0,4}\]")  # other squares are also the bullets of an unticked list
_YES = re.compile(
    r"(?:x|igen|i|kerem|kerjuk|ker|igenyel|kell|kellene|ok|1|\+|v|y|yes|true|igaz|szukseges|jelolve)[.!]?"
)
_NO = re.compile(r"(?:nem|n|-+|0|no|false|hamis|nem (?:kell|kerem|kerjuk|ker)|nincs|\.{2,}|_+)[.!]?")
_MARKED = re.compile(r"[ \t]*[xX][ \t]{1,6}(?=[^\W\d_]{2})")
_MAY_BE_MARK = re.compile(r"[xX][ \t]")  # stands in whatever _MARKED finds
_DATA = re.compile(r"[@:]|\d{3}")
LONGEST_ITEM = 60  # characters of a line that is an item to be marked
_ANSWERED = re.compile(r"^(?P<item>[^\n:=]{3,60}?)(?:\s?[:=]\s?|\s[-–]\s|\t)(?P<answer>[^\n]{1,14})$", re.M)


def is_tick(cell: str) -> bool:
    """Does a cell say yes: "X", "igen", a ticked box?"""
    text = fold(cell).strip()
    return bool(_YES.fullmatch(text)) or ((box := _BOX.search(text)) is not None and bool(box["ticked"]))


def is_answer(cell: str) -> bool:
    """Is a cell empty, or a yes or a no and nothing else?"""
    text = fold(cell).strip()
    return not text or bool(_YES.fullmatch(text) or _NO.fullmatch(text) or _BOX.fullmatch(text))


def only_chosen(text: str) -> str:
    """`text` with the items of its unticked boxes, and those answered by no, made blank; the same length."""
    text = _without_unmarked(_without_refused(text))
    boxes = list(_BOX.finditer(text)) if _MAY_BE_BOX.search(text) else []
    if not boxes:
        return text
    if not any(box["ticked"] for box in boxes) and not any(_SURE_EMPTY.fullmatch(box.group()) for box in boxes):
        return text
    return _blanked(text, _unchosen(text, boxes))


def _unchosen(text: str, boxes: list[re.Match[str]]) -> list[tuple[int, int]]:
    """The stretches of items whose box is not ticked; a box stands before its item, or behind it."""
    found: list[tuple[int, int]] = []
    behind = False
    for number, box in enumerate(boxes):
        line_start = text.rfind("\n", 0, box.start()) + 1
        first = number == 0 or boxes[number - 1].end() <= line_start
        line_end = text.find("\n", box.end())
        line_end = len(text) if line_end < 0 else line_end
        follows = boxes[number + 1].start() if number + 1 < len(boxes) else len(text)
        if first:
            behind = any(letter.isalpha() for letter in text[line_start : box.start()].rpartition(":")[2])
        if not box["unticked"]:
            continue
        if behind:
            found.append((line_start if first else boxes[number - 1].end(), box.end()))
        else:
            found.append((box.start(), min(line_end, follows)))
    return found


def _without_unmarked(text: str) -> str:
    """The lines beside those marked by an "x" before them made blank: "x ADÓ" and below it "Keret"."""
    if not _MAY_BE_MARK.search(text):
        return text
    lines = text.split("\n")
    marked = [bool(_MARKED.match(line)) for line in lines]
    if not any(marked):
        return text
    kept = list(lines)
    for step in (1, -1):
        beside = False
        for at in range(len(lines))[::step]:
            item = bool(lines[at].strip()) and len(lines[at]) < LONGEST_ITEM and not _DATA.search(lines[at])
            beside = item and (beside or marked[at])
            if beside and not marked[at]:
                kept[at] = " " * len(lines[at])
    return "\n".join(kept)


def _without_refused(text: str) -> str:
    """Lines like "Iparker: nem" made blank, where others of their kind are answered by yes or by nothing."""
    if "\n" not in text:
        return text
    answers = [(match, fold(match["answer"]).strip()) for match in _ANSWERED.finditer(text)]
    if sum(bool(_YES.fullmatch(answer) or _NO.fullmatch(answer)) for _, answer in answers) < 2:
        return text
    return _blanked(text, [match.span() for match, answer in answers if _NO.fullmatch(answer)])


def _blanked(text: str, stretches: list[tuple[int, int]]) -> str:
    """`text` with the ordered `stretches` made blanks."""
    kept, done = [], 0
    for start, end in stretches:
        kept += [text[done:start], " " * (end - start)]
        done = end
    return "".join(kept) + text[done:]
