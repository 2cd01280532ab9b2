"""People in running text: who are they to this mail? To be registered, the writer, the jegyző, somebody else."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from rules.reading.lexicon import Lexicon
from rules.reading.names import NameHit, find_names
from rules.reading.role_cues import role_cues
from rules.reading.spelled_names import find_spelled_names
from rules.text import fold

REACH = 70  # characters before and after a name that tell whose it is


class Role(StrEnum):
    """What a name stands for; NEUTRAL where the text says nothing."""

    APPLICANT = "applicant"
    WRITER = "writer"
    JEGYZO = "jegyzo"
    ADDRESSEE = "addressee"
    OTHER = "other"
    SETTLED = "settled"  # somebody who has what is asked for here, or had it done long ago
    NEUTRAL = "neutral"


class NamedRole(NamedTuple):
    """A name and its role; `in_data` where it opens a line or item as data do, or an address stands beside it."""

    name: NameHit
    role: Role
    in_data: bool


_AND = re.compile(r"[,\s]{0,40}(?:es|valamint|illetve|ill\.|meg|,|;)[,\s]{0,40}(?:dr\.?\s*)?")
_OBLIQUE = re.compile(r"[a-z]{0,2}[ae]l|t[oe]l|r[oe]l|n[ae]l|h[oe]z|ert|ig|ek|(?:ak|ek)n[ae]l")
_DATA_BEFORE = re.compile(r"\s*(?:[-–—*•·>o§]|\(?\d{1,3}[.):]|[a-z]\))?[\s\"„']*(?:dr\.?\s*)?")
_ADDRESS_AFTER = re.compile(r"[\s,;:(<\[–-]{1,5}(?:e-?mail\W{1,3})?[\w.+-]+@[\w-]")
_ADDRESS_BEFORE = re.compile(r"@[\w.-]{3,60}[,;.)]{0,2}\s{1,3}$")
_BRACKET = re.compile(r"^[ \n]?\([^()]{0,60}\)")  # "Kis Pál (kis.pal@…) elment tőlünk"
_DATA_AFTER = re.compile(r"[\s.]*(?:$|[,;:|(/\t\[–—]|\s-|-\s|[^\s@]+@|\d{3})")


@lru_cache(maxsize=32)  # asked of the same texts for the people, the writer and the jegyző
def find_roles(text: str, lexicon: Lexicon) -> tuple[NamedRole, ...]:
    """Every full name in `text` with its role."""
    folded = fold(text)
    full = find_names(text, lexicon)
    names = sorted([*full, *find_spelled_names(text, full, lexicon)], key=lambda name: name.start)
    stops = [following.start for following in names[1:]] + [len(text)]
    return tuple(
        _joined([_judge(folded, name, stop, lexicon) for name, stop in zip(names, stops, strict=False)], folded)
    )


def _joined(roles: list[NamedRole], folded: str) -> list[NamedRole]:
    """Names in one row ("Nagy Éva, Kis Pál és Vas Béla kollégáink") have the role that one of them shows."""
    for near, far in [
        *((at, at - 1) for at in range(len(roles) - 1, 0, -1)),
        *((at, at + 1) for at in range(len(roles) - 1)),
    ]:
        left, right = sorted((near, far))
        gap = folded[roles[left].name.end + len(roles[left].name.ending) : roles[right].name.start]
        if roles[near].role is Role.APPLICANT and roles[far].role is Role.NEUTRAL and _AND.fullmatch(gap):
            roles[far] = roles[far]._replace(role=Role.APPLICANT)
    return roles


def _judge(folded: str, name: NameHit, stop: int, lexicon: Lexicon) -> NamedRole:
    """The role of `name`; what stands behind `stop` speaks of the next name."""
    end = name.end + len(name.ending)
    before = folded[max(0, name.start - REACH) : name.start]
    after = _BRACKET.sub("", folded[end : min(end + REACH, max(stop, end))])
    in_data = _opens_line(folded, name.start, end) or bool(
        _ADDRESS_AFTER.match(after) or _ADDRESS_BEFORE.search(before)
    )
    role = _role(before, after, name, lexicon)
    return NamedRole(name, role, in_data and role is not Role.SETTLED)


def _role(before: str, after: str, name: NameHit, lexicon: Lexicon) -> Role:  # noqa: PLR0911  # a line a role
    """The first role that the words around the name speak for."""
    cues = role_cues(lexicon)
    paragraph = before.rsplit("\n\n", 1)[-1].removesuffix("dr. ")
    if cues.writer_before.search(paragraph) or cues.writer_after.match(after):
        return Role.WRITER
    if lexicon.greeting.search(paragraph.rsplit("\n", 1)[-1]):
        return Role.ADDRESSEE
    if cues.jegyzo_after.match(after) or cues.jegyzo_before.search(paragraph):
        return Role.JEGYZO
    if cues.other_after.match(after) or cues.other_before.search(paragraph) or _OBLIQUE.fullmatch(name.ending):
        return Role.OTHER
    if cues.settled_after.match(after):
        return Role.SETTLED
    if cues.for_after.match(after) or cues.for_before.search(paragraph):
        return Role.APPLICANT
    return Role.NEUTRAL


def _opens_line(folded: str, start: int, end: int) -> bool:
    line = folded.rfind("\n", 0, start) + 1
    stop = folded.find("\n", end)
    return bool(
        _DATA_BEFORE.fullmatch(folded[line:start]) and _DATA_AFTER.match(folded[end : stop if stop >= 0 else None])
    )
