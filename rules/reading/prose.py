"""People in running text: who are they to this mail? The one to be registered, the writer, the jegyző, somebody else."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rules.reading.lexicon import Lexicon
from rules.reading.names import NameHit, find_names
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


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A name and its role; `in_data` where it opens a line or item as data do, or an address stands beside it."""

    name: NameHit
    role: Role
    in_data: bool


_JEGYZO_AFTER = re.compile(
    r"\W{0,4}(?:a |az )?(?:[a-z]+i )?(?:(?:cimzetes|megbizott|varosi|kozsegi)\s+)*(?:fo|kor)?jegyzo"
    r"(?!konyv|i(?![a-z])|helyett|seg)"
)
_JEGYZO_BEFORE = re.compile(
    r"(?<![a-z])(?:fo|kor)?jegyzo(?:nk|je|nket|nknek|vel|nkkel|t|jet|jenek)?\W{0,3}(?:ur\w*|asszony\w*|no)?\W{0,6}$"
)
_OTHER_AFTER = re.compile(
    r"\W{0,4}(?:a |az )?(?:[a-z]+i )?(?:al|fo)?polgarmester(?!i)|\W{0,4}aljegyzo|\W{0,3}(?:(?:volt )?(?:kolleg|munkatars|dolgozo|ugyintezo)[a-z]{0,8}\W{1,3})?(?:helyett|helyere|utodja"
    r"|utodakent|tavozas|kilep|nyugdij|nyugallomany|tavozott|elment|megszun|korabbi|volt |elodje|gye[sd](?![a-z]*\W{1,3}(?:vissza|hazater|ujra))|szules|szulni|felmond"
    r"|(?:mar )?(?:regen )?rendelkezik|javaslat|kollegam?tol)|\W{0,3}(?:tud rola|szolt|mondta|javasol|tajekoztat|mellett|melle |iranyitas|vezetesevel|keresere|megbizasabol|engedely"
    r"|hozzajarul|jovahagy|tavollet|szabadsag|ajanlas|tanacsa|segitsegevel)"
)
_OTHER_BEFORE = re.compile(
    r"(?:polgarmester\w*|kapcsolattart\w*|ugyintezo:|anyja(?: neve)?|szul\w*(?: nev\w*)?|leanykori(?: nev\w*)?|elod\w*|utod\w*|mint"
    r"|alpolgarmester\w*|aljegyzo\w*|vezeto[mn]k?|fonok\w*|felettes\w*|ferje?\w*|felesegem)\W{0,4}$"
)
_WRITER_AFTER = re.compile(r"(?:[^.!?\n:]|\n(?!\n)|(?<=dr)\.){0,60}?(?<![a-z])(?:vagyok|irok|dolgozom)(?![a-z])")
_WRITER_BEFORE = re.compile(r"(?:(?:teljes )?nevem|alulirott|hivnak|becsuletes nevem)\W{0,4}$")
_FOR_AFTER = re.compile(
    r"[a-z]{0,5}\W{0,3}(?:reszere|szamara|nevu|nevere|nevre|kolleg|munkatars|dolgozo|uj |belepo|regisztral|felvetel|felvenni|ugyintezo"
    r"|hozzaferes|beiskolaz|kerelm|igeny)"
)
_FOR_BEFORE = re.compile(
    r"(?:kolleg\w*|munkatars\w*|dolgozo\w*|ugyintezon\w*|eloadon\w*|regisztral\w*|nevu|neve|nevet|reszere|szamara|regisztraciojat"
    r"|ugykezelon\w*|belepo|vegyek fel|felvenni)\W{0,4}$"
)
_SETTLED_AFTER = re.compile(
    r"(?:(?![.!?]\s|\n\n| es | de | viszont|nincs|nem ).){0,45}?(?<![a-z])(?:(?:mar|korabban|tavaly|regebben|regen|rendben|idokozben|sikeresen|a mult\w*)"
    r" (?:[a-z]+ ){0,3}(?:megkapta|van|regisztral\w+|szerepel|hozzafer\w*|rendelkezik|elvegezte|belep\w*|be tud|fent van|bent van|felvettek|hasznalja)"
    r"|megkapta (?:a |az )?(?:hozzafer|belep|jelsz|jogosult|regisztr))",
    re.S,
)
_AND = re.compile(r"(?:,|\s)*(?:es|valamint|illetve|ill\.|meg|,|;)(?:,|\s)*(?:dr\.?\s*)?")
_OBLIQUE = re.compile(r"[a-z]{0,2}[ae]l|t[oe]l|r[oe]l|n[ae]l|h[oe]z|ert|ig|ek|(?:ak|ek)n[ae]l")
_DATA_BEFORE = re.compile(r"\s*(?:[-–—*•·>o§]|\(?\d{1,3}[.):]|[a-z]\))?[\s\"„']*(?:dr\.?\s*)?")
_ADDRESS_AFTER = re.compile(r"[\s,;:(<\[–-]{1,5}(?:e-?mail\W{1,3})?[\w.+-]+@[\w-]")
_ADDRESS_BEFORE = re.compile(r"@[\w.-]{3,60}[,;.)]{0,2}\s{1,3}$")
_DATA_AFTER = re.compile(r"[\s.]*(?:$|[,;:|(/\t\[–—]|\s-|-\s|[^\s@]+@|\d{3})")


@lru_cache(maxsize=32)  # asked of the same texts for the people, the writer and the jegyző
def find_roles(text: str, lexicon: Lexicon) -> tuple[NamedRole, ...]:
    """Every full name in `text` with its role."""
    folded = fold(text)
    names = find_names(text, lexicon)
    names = sorted([*names, *find_spelled_names(text, names, lexicon)], key=lambda name: name.start)
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
            roles[far] = replace(roles[far], role=Role.APPLICANT)
    return roles


def _judge(folded: str, name: NameHit, stop: int, lexicon: Lexicon) -> NamedRole:
    """The role of `name`; what stands behind `stop` speaks of the next name."""
    end = name.end + len(name.ending)
    before = folded[max(0, name.start - REACH) : name.start]
    after = folded[end : min(end + REACH, max(stop, end))]
    in_data = _opens_line(folded, name.start, end) or bool(
        _ADDRESS_AFTER.match(after) or _ADDRESS_BEFORE.search(before)
    )
    role = _role(before, after, name, lexicon)
    return NamedRole(name, role, in_data and role is not Role.SETTLED)


def _role(before: str, after: str, name: NameHit, lexicon: Lexicon) -> Role:
    line_before = before.rsplit("\n\n", 1)[-1].removesuffix("dr. ")
    if _WRITER_BEFORE.search(line_before) or _WRITER_AFTER.match(after):
        return Role.WRITER
    if lexicon.greeting.search(line_before.rsplit("\n", 1)[-1]):
        return Role.ADDRESSEE
    if _JEGYZO_AFTER.match(after) or _JEGYZO_BEFORE.search(line_before):
        return Role.JEGYZO
    if _OTHER_AFTER.match(after) or _OTHER_BEFORE.search(line_before) or _OBLIQUE.fullmatch(name.ending):
        return Role.OTHER
    if _SETTLED_AFTER.match(after):
        return Role.SETTLED
    if _FOR_AFTER.match(after) or _FOR_BEFORE.search(line_before):
        return Role.APPLICANT
    return Role.NEUTRAL


def _opens_line(folded: str, start: int, end: int) -> bool:
    line = folded.rfind("\n", 0, start) + 1
    stop = folded.find("\n", end)
    return bool(
        _DATA_BEFORE.fullmatch(folded[line:start]) and _DATA_AFTER.match(folded[end : stop if stop >= 0 else None])
    )
