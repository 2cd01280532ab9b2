"""Addresses torn by a line end or a blank: behind a dot, before or behind the @, before the ending.

Half of such an address is a sound address of somebody else, so the halves are joined where the text says that they
belong together, and called broken (with a suggestion) where that is likely only. Never is the second half read alone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rules.text import fold

_GAP = r"(?:[ \t]{0,3}\n[ \t>]{0,8}|[ \t]{1,2})"
# The first half's last word, up to the dot, underscore or hyphen that the second half hangs on.
_HEAD = re.compile(rf"(?<![\w@.+\-])(?P<head>[A-Za-z0-9][A-Za-z0-9._+\-]{{0,62}})(?P<gap>{_GAP})(?P<joint>[._]?)\Z")
_LONGEST = 90  # characters before an address that are looked at
_SEPARATORS = "._-+"
SHORT = 2  # letters: initials, no name
_REMARK = re.compile(  # what may stand shortened before an address and is no part of it: "hiv. anna@…"
    r"(?:az?|ez|uj|saj\w*|priv\w*|magan\w*|pl|cim\w*|e-?mail\w*|mail\w*|lev\w*|hiv\w*|munka\w*|szem\w*|tel\w*|mob\w*|fax|web"
    r"|dr|id|ifj|ozv|sz|kb|stb|ill|koszon\w*|udv\w*|tisztelettel|alab\w*|kovetkez\w*|itt|lent\w*|vagyok|nevem|hivnak|kerem|kerjuk|elerh\w*)"
)
_SAYS_ADDRESS = re.compile(r"\b(?:e-?mail|mail|cim)\w*\W{0,3}$")
_NAME_RUN = re.compile(r"[A-ZÁÉÍÓÖŐÚÜŰ][^\W\d_]+(?:[ \t-]{1,2}[A-ZÁÉÍÓÖŐÚÜŰ][^\W\d_]+)+")
_WORD = re.compile(r"[a-z]{2,}")
_BLANKS = re.compile(r"[ \t\n-]+")
_GOES_ON = re.compile(r"[ \t]{0,3}\n[ \t>]{0,8}[\w.@+\-]{1,190}")
_HANGS = re.compile(r"[\w][._@\-]\Z")


class Torn(NamedTuple):
    """The first half that belongs before an address: where it begins, its letters, and whether that is certain."""

    start: int
    head: str
    certain: bool


def torn_head(text: str, start: int, local: str, given_names: frozenset[str], field_of: str = "") -> Torn | None:
    """The half that was torn off the address at `start` of `text`; None where the address is whole.

    `local` is the address's own local part. Names in `text` say what belongs together, or in the text that an e-mail
    field is a part of (`field_of`).
    """
    before = text[max(0, start - _LONGEST) : start]
    if not before or before[-1] not in " \t\n>._" or before.rstrip(" \t\n>")[-1:] not in tuple(_SEPARATORS):
        return None  # as with nearly every address
    found = _HEAD.search(before)
    if not found:
        return None
    head, joint = found["head"], found["joint"]
    word = fold(head).rstrip(_SEPARATORS)
    if _REMARK.fullmatch(word):
        return None
    broken = "\n" in found["gap"]
    line = fold(before[: found.start()].rpartition("\n")[2]).strip(">")
    alone = not line.strip()
    announced = bool(field_of) if alone else bool(_SAYS_ADDRESS.search(line))
    own = _WORD.findall(fold(local))
    if not alone and not announced and (head[0].isupper() or line.split()[-1] in own):
        return None  # the end of a name: "Kovács Anna. anna@…"
    named = _is_named(word, own, given_names, field_of or text, alone=alone or announced)
    if not named and head[-1] != "_" and not announced:
        return None
    certain = (joint or head[-1]) in "._" and (named or broken)
    return Torn(start - len(before) + found.start(), head + joint, certain)


def goes_on_to(text: str, start: int, end: int) -> int:
    """Where an address that a label announces at `start`–`end` ends, if the line's end tears it; else `end`."""
    value = text[start:end].strip()
    if not value or " " in value:
        return end
    more = _GOES_ON.match(text, end)
    if not more:
        return end
    next_line = more.group().lstrip(" \t\n>")
    hangs = bool(_HANGS.search(value)) or next_line[0] in "@._"
    return more.end() if hangs and ("@" in value or "@" in next_line) else end


def _is_named(word: str, own: list[str], given_names: frozenset[str], whole: str, *, alone: bool) -> bool:
    """Do both halves stand in one name of the text, or is the first half, where it is `alone`, a given name?"""
    words = _WORD.findall(word)
    if not words or len(own) != 1 or words[-1] in own:  # "kovacs.anna" is a name already
        return False
    last, first = words[-1], own[0]
    if last in given_names:
        return (alone and len(first) > SHORT) or _stands(rf"{first} {last}", whole)
    if first in given_names:
        return _stands(rf"{last}(?:ne)? {first}", whole)
    return any(last in _WORD.findall(fold(run.group())) for run in _NAME_RUN.finditer(whole))


def _stands(name: str, whole: str) -> bool:
    return bool(re.search(rf"\b{name}\b", _BLANKS.sub(" ", fold(whole))))
