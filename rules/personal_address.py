"""Is an address personal? Judged by its local part alone, against the person's name (policy.md §3, domain.md §5).

A word of a job, an office or an organisation makes it a role's address, even beside the name; but a word that is part
of this person's own name is no role word ("pap.eva@" of Pap Éva). The provider does not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from rules.catalogue import Catalogue
from rules.name_tokens import NameTokens, loose, name_tokens
from rules.reading.settlement_names import place_index
from rules.text import fold

OFFICE_END = "onk"  # "mintafaluonk": önkormányzat behind whatever village
LONG_ROLE = 6  # role words from this length on are recognised glued to anything
TOWN_WORDS = ("kozseg", "varos", "falu", "nagykozseg", "telepules", "onk", "hiv", "ph", "koh", "hivatal", "mjv")


class AddressKind(StrEnum):
    """What a local part shows."""

    PERSONAL = "personal"
    ROLE = "role"
    SETTLEMENT_ONLY = "settlement_only"
    UNRELATED = "unrelated"  # a handle that shows neither: accepted, staff see a note


@dataclass(frozen=True, slots=True)
class AddressJudgement:
    """What was found, and the `token` that decided it (a role word, a settlement, a part of the name)."""

    kind: AddressKind
    token: str = ""

    @property
    def personal(self) -> bool:
        """May the address be registered (policy.md §3)?"""
        return self.kind in (AddressKind.PERSONAL, AddressKind.UNRELATED)


@dataclass(frozen=True, slots=True, eq=False)
class _Roles:
    words: frozenset[str]
    whole: frozenset[str]  # those that are no abbreviations
    short: frozenset[str]
    ambiguous: frozenset[str]
    long: tuple[str, ...]
    stems: tuple[str, ...]


@lru_cache(maxsize=512)  # a mail's few addresses are judged for each of its people
def judge_address(address: str, full_name: str, municipality: str, catalogue: Catalogue) -> AddressJudgement:
    """Judge `address` for the person `full_name` ("" where unknown) of `municipality` ("" where unknown)."""
    local = fold(address.rpartition("@")[0] or address).partition("+")[0]
    pieces = re.findall(r"[a-z]+", local)
    if not pieces:
        return AddressJudgement(AddressKind.UNRELATED)
    roles, name = _roles(catalogue), name_tokens(full_name, catalogue)
    towns = _towns(municipality)
    role = _role_among(pieces, name, roles, towns, catalogue)
    if role:
        return AddressJudgement(AddressKind.ROLE, role)
    shown = _name_shown(pieces, name)
    if shown:
        return AddressJudgement(AddressKind.PERSONAL, shown)
    place = _only_place(pieces, towns, catalogue)
    if place:
        return AddressJudgement(AddressKind.SETTLEMENT_ONLY, place)
    if not full_name and any(piece in catalogue.given_names for piece in pieces):
        return AddressJudgement(AddressKind.PERSONAL, next(p for p in pieces if p in catalogue.given_names))
    return AddressJudgement(AddressKind.UNRELATED)


@lru_cache(maxsize=4)
def _roles(catalogue: Catalogue) -> _Roles:
    words = [re.sub(r"[^a-z]", "", word) for word in catalogue.words.get("role_words", ())]
    ambiguous = frozenset(catalogue.words.get("role_words_ambiguous", ()))
    stems = catalogue.words.get("role_words_stems", ("\n",))
    long = {word for word in words if len(word) >= LONG_ROLE and word not in ambiguous}.union(stems)
    known, short = frozenset(words) | ambiguous, frozenset(catalogue.words.get("role_words_short", ()))
    return _Roles(
        stems=stems,
        words=known,
        whole=known - short,
        short=short,
        ambiguous=ambiguous,
        long=tuple(sorted(long, key=lambda word: (-len(word), word))),
    )


def _towns(municipality: str) -> frozenset[str]:
    """The folded name of the municipality in the forms of a local part."""
    name = re.sub(r"[^a-z]", "", fold(municipality))
    return frozenset({name, name + "i"}) if len(name) > 1 else frozenset()


def _role_among(pieces: list[str], name: NameTokens, roles: _Roles, towns: frozenset[str], catalogue: Catalogue) -> str:
    """The first role word among the pieces, or ""."""
    alone = len(pieces) == 1
    places = towns | {piece for piece in pieces if len(piece) >= 4 and piece in place_index(catalogue).by_name}
    others_known = {piece for piece in pieces if piece in roles.whole or piece in places - name.pieces}
    for piece in pieces:
        if alone and piece in roles.short and piece not in name.pieces:  # "hr@", whoever's initials these are
            return piece
        if _is_own(piece, name):
            continue
        if piece in roles.short:
            if others_known - {piece} or _all_short(pieces, roles):
                return piece
            continue
        if piece in roles.words or piece.startswith(roles.stems):
            return piece
        glued = _glued_role(piece, name, roles, towns, catalogue)
        if glued:
            return glued
    joined = "".join(pieces)
    return joined if not alone and joined in roles.words and not _is_own(joined, name) else ""


def _all_short(pieces: list[str], roles: _Roles) -> bool:
    """Two office abbreviations beside each other ("hr.tb"); one of them alone beside an initial says nothing."""
    return len(pieces) > 1 and all(piece in roles.short and len(piece) > 1 for piece in pieces)


def _is_own(piece: str, name: NameTokens) -> bool:
    """Is the piece this person's name, whole or glued ("papeva", "kovacsneeva")?"""
    return piece in name.pieces or bool(_spelled_out(piece, name))


def _glued_role(piece: str, name: NameTokens, roles: _Roles, towns: frozenset[str], catalogue: Catalogue) -> str:
    """A role word grown together with another one, a settlement or a name ("adopenzugy", "mintafaluonk"), or ""."""
    for word in roles.long:
        if len(piece) > len(word) and (piece.startswith(word) or piece.endswith(word)):
            return word
    places = place_index(catalogue).by_name
    for cut in range(2, len(piece) - 1):
        head, tail = piece[:cut], piece[cut:]
        for role, rest in ((head, tail), (tail, head)):
            if role not in roles.words or len(role) < 2:
                continue
            if (
                rest in towns
                or (len(rest) >= 4 and any(town.endswith(rest) for town in towns))  # "majsai" of Kiskunmajsa
                or (rest in roles.words and rest not in roles.ambiguous and _sure(role, rest, roles))
            ):
                return role
            if role in roles.ambiguous:
                continue
            if len(rest) >= 4 and (rest in places or (rest in name.pieces and len(role) >= 3)):
                return role
            if len(role) >= 5 and rest in catalogue.given_names:
                return role
    return OFFICE_END if piece.endswith(OFFICE_END) and len(piece) >= 8 else ""


def _sure(one: str, other: str, roles: _Roles) -> bool:
    """Two role words make a role only where they are not two pairs of initials or a name cut in half ("okit")."""
    return len(one) >= 3 and len(other) >= 3 and one not in roles.ambiguous


def _name_shown(pieces: list[str], name: NameTokens) -> str:
    """The piece that shows the person's name, or ""."""
    for piece in pieces:
        if len(piece) >= 3 and piece in name.pieces:
            return piece
    for piece in (*pieces, "".join(pieces)):
        if _spelled_out(piece, name) or _close_to(piece, name):
            return piece
    if len(pieces) > 1 and all(_starts_a_part(piece, name) for piece in pieces):
        return "".join(pieces)
    return ""


def _starts_a_part(piece: str, name: NameTokens) -> bool:
    return any(part.startswith(piece) for part in name.pieces) or piece in ("ne", "dr")


@lru_cache(maxsize=4096)
def _spelled_out(piece: str, name: NameTokens) -> bool:
    """Is the piece wholly made of parts, nicknames and initials of the name, one part of three letters at least?

    Two to four initials in the name's order ("kne", "kje") count as well.
    """
    if len(piece) > 40:
        return False
    return _walk(piece, name, 0, whole=False) or _only_initials(piece, name)


def _walk(rest: str, name: NameTokens, depth: int, *, whole: bool) -> bool:
    if not rest:
        return whole
    if depth > 6:
        return False
    for part in name.pieces:
        if (
            len(part) >= 2
            and rest.startswith(part)
            and _walk(rest[len(part) :], name, depth + 1, whole=whole or len(part) >= 3)
        ):
            return True
    small = ("ne", "dr", *(letter for letters in name.initials for letter in letters))
    return any(rest.startswith(bit) and _walk(rest[len(bit) :], name, depth + 1, whole=whole) for bit in small)


def _only_initials(piece: str, name: NameTokens) -> bool:
    if not 2 <= len(piece) <= 5 or len(name.initials) < 2:
        return False
    forms = {""}
    for letters in name.initials:
        forms |= {form + letter + ne for form in forms for letter in letters for ne in ("", "ne")}
    orders = forms | {"dr" + form for form in forms}
    first, last = name.initials[0], name.initials[-1]
    orders |= {a + b for a in last for b in first}
    return piece in orders


def _close_to(piece: str, name: NameTokens) -> bool:
    """Does the piece begin or end with a part of the name of four letters, or is it one in another spelling?"""
    if len(piece) < 3:
        return False
    bare = loose(piece)
    for part in name.pieces:
        if len(part) >= 4 and (piece.startswith(part) or piece.endswith(part)):
            return True
        if len(piece) >= 3 and part.startswith(piece) and part in name.parts:
            return True
        plain = loose(part)
        if len(plain) >= 4 and (bare.startswith(plain) or bare.endswith(plain)):
            return True
        if len(part) >= 6 and OSA.distance(piece, part, score_cutoff=1) <= 1:
            return True
    return False


def _only_place(pieces: list[str], towns: frozenset[str], catalogue: Catalogue) -> str:
    """The settlement that the whole local part names, or ""."""
    joined = "".join(pieces)
    for word in (joined, *(joined[: -len(end)] for end in TOWN_WORDS if joined.endswith(end))):
        if word in towns:
            return word
    place = place_index(catalogue).by_name.get(joined)
    if place and joined not in catalogue.given_names and (place.plain or len(joined) >= 7):
        return joined
    return ""
