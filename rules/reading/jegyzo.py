"""Is the jegyző among the visible recipients, and how sure is that? (policy.md §4, §9; domain.md §4)

To counts like Cc. The mailbox itself, the sender and the people to be registered are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.catalogue import Catalogue
from rules.findings import in_header
from rules.model import Address, Context, Evidence, Jegyzo, JegyzoStatus, Message, PartKind, Person
from rules.reading.fitting import fits_name
from rules.reading.lexicon import Lexicon, lexicon_of
from rules.reading.phrases import find_phrases
from rules.reading.prose import Role, find_roles
from rules.text import fold

_TOKENS = re.compile(r"[a-z]+")
_TITLE = re.compile(
    r"(?<![a-z])(?:(?:cimzetes|megbizott|varosi|kozsegi|megyei)\s+)*(?:fo|kor)?jegyzo(?:je|nk|asszony|no|ur)?(?![a-z])"
)

_WRITES_AS_JEGYZO = re.compile(  # the writer of himself: "alulírott Nagy Éva, mint a … Hivatal jegyzője"
    r"(?<![a-z])(?:alulirott|alulirottkent)\b(?:[^.!?;:\n]|(?<=dr)\.){3,140}?(?<![a-z])(?:fo)?jegyzo(?:je|jekent|kent)?"
    r"(?=\s?[,(]|\s(?:a|az|azzal|ezuton|kerem|tisztelettel)(?![a-z]))"
    r"|(?<![a-z])(?:fo)?jegyzo(?:je|jekent|kent)\s(?:vagyok|irok|kerem|kernem|fordulok|jelentem|nyilatkozom|igazolom)(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class _Scene:
    """All that the ladder looks at."""

    message: Message
    people: tuple[Person, ...]
    catalogue: Catalogue
    context: Context
    lexicon: Lexicon


def find_jegyzo(message: Message, people: Sequence[Person], catalogue: Catalogue, context: Context) -> Jegyzo:
    """The highest rung of the ladder: sender, confirmed, stated, unclear, absent."""
    scene = _Scene(message, tuple(people), catalogue, context, lexicon_of(catalogue))
    others = _others(scene)
    named = _named(scene)
    sure = _as_sender(scene, named) or _known(scene, others) or _stated(scene, others, named)
    if sure:
        return sure
    if others:
        return Jegyzo(JegyzoStatus.UNCLEAR, evidence=tuple(in_header("to/cc", other.address) for other in others[:5]))
    return Jegyzo(JegyzoStatus.ABSENT)


def _as_sender(scene: _Scene, named: list[tuple[str, Evidence]]) -> Jegyzo | None:
    """Is the sender the jegyző, by the directory, the address or the signature?"""
    for sender in scene.message.from_[:1]:
        known = sender.address in _clerks(scene) or says_jegyzo(sender, scene.catalogue)
        if sender.address and (known or _signs_as_jegyzo(scene, sender, named)):
            return _found(JegyzoStatus.SENDER, sender, "from")
    return None


def _known(scene: _Scene, others: list[Address]) -> Jegyzo | None:
    """Is a recipient the known jegyző of the municipality?"""
    clerks = _clerks(scene)
    return next((_found(JegyzoStatus.CONFIRMED, one, "to/cc") for one in others if one.address in clerks), None)


def _stated(scene: _Scene, others: list[Address], named: list[tuple[str, Evidence]]) -> Jegyzo | None:
    """Does an address, its name or the text say who of the recipients is the jegyző; or our letter's copy?"""
    for other in others:
        if says_jegyzo(other, scene.catalogue) or any(fits_name(other, name, scene.lexicon) for name, _ in named):
            return _found(JegyzoStatus.STATED, other, "to/cc")
    unknown = [other for other in others if not _plainly_another(other, scene.catalogue)]
    copied = _says_copied(scene)
    if copied and len(unknown) == 1:
        return Jegyzo(JegyzoStatus.STATED, unknown[0].address, unknown[0].name, (copied,))
    earlier = _in_our_letter(scene)
    return _found(JegyzoStatus.STATED, earlier, "quoted to/cc") if earlier else None


@lru_cache(maxsize=256)  # a mail's few addresses are judged for each of its people
def says_jegyzo(address: Address, catalogue: Catalogue) -> bool:
    """Does the address or its display name say jegyző, főjegyző or körjegyző, and nothing that takes it back?"""
    local = fold(address.address.partition("@")[0])
    shown = fold(address.name)
    if is_false_friend(shown, catalogue):
        return False
    words = _words(catalogue)
    if _TITLE.search(shown) or not words.isdisjoint(_TOKENS.findall(shown)):
        return True
    said = any(token in words or _glued(token) for token in _TOKENS.findall(local))
    return said and not is_false_friend(local, catalogue)


@lru_cache(maxsize=4)
def _words(catalogue: Catalogue) -> frozenset[str]:
    """The words for a jegyző."""
    return frozenset(catalogue.words.get("jegyzo_words", ()))


def is_false_friend(text: str, catalogue: Catalogue) -> bool:
    """Does the folded text hold a word with the letters of jegyző that is somebody or something else?"""
    pattern = _false_friends(catalogue.words.get("jegyzo_false", ()))
    return bool(pattern and pattern.search(text))


@lru_cache(maxsize=16)
def _false_friends(words: tuple[str, ...]) -> re.Pattern[str] | None:
    shapes = [
        ("" if word.startswith("*") else r"(?<![a-z])")
        + re.escape(word.strip("*"))
        + ("" if word.endswith("*") else r"(?![a-z])")
        for word in words
    ]
    glued = [re.escape(word.strip("*")) for word in words if word.endswith("*") and len(word) > 7]
    return re.compile("|".join([*shapes, *glued])) if shapes else None


def _glued(token: str) -> bool:
    """ "mintafalujegyzo", "jegyzomintafalu": the word begins or ends the token, the rest is a place or a name."""
    return token.endswith(("jegyzo", "jegyzoje")) or (token.startswith("jegyzo") and not token.startswith("jegyzoi"))


def _others(scene: _Scene) -> list[Address]:
    """The visible recipients but for ourselves, the sender and those to be registered."""
    message = scene.message
    left_out = {address.address for address in (*message.from_, *message.reply_to)} | scene.context.own_addresses
    left_out |= {person.email.value for person in scene.people if person.email}
    names = [person.full_name.value for person in scene.people if person.full_name]
    others: dict[str, Address] = {}
    for address in (*message.to, *message.cc):
        if not address.address or address.address in left_out or address.address in others:
            continue
        if not says_jegyzo(address, scene.catalogue) and any(fits_name(address, name, scene.lexicon) for name in names):
            continue
        others[address.address] = address
    return list(others.values())


def _clerks(scene: _Scene) -> frozenset[str]:
    """The known jegyzők of the municipalities that the mail's people work for."""
    places = {person.municipality.value for person in scene.people if person.municipality}
    return frozenset().union(*(scene.context.clerks.get(place, frozenset()) for place in places))


def _named(scene: _Scene) -> list[tuple[str, Evidence]]:
    """The names that the mail gives to a jegyző."""
    found = []
    for index, part in enumerate(scene.message.parts):
        if part.kind in {PartKind.QUOTED, PartKind.FOOTER}:
            continue
        for role in find_roles(part.text, scene.lexicon):
            if role.role is Role.JEGYZO:
                hit = role.name
                found.append(
                    (hit.name, Evidence(index, hit.start, hit.end, part.text[hit.start : hit.end], part.source))
                )
    return found


def _signs_as_jegyzo(scene: _Scene, sender: Address, named: list[tuple[str, Evidence]]) -> bool:
    """Does the sender sign as the jegyző: a signature that names one who is the sender, or nobody else?"""
    for name, evidence in named:
        part = scene.message.parts[evidence.part]
        if part.kind is PartKind.SIGNATURE and part.sender is None and _nobody_else(scene, sender, name):
            return True
        if part.kind is PartKind.TEXT and part.sender is None and _closes(part.text, evidence):
            return fits_name(sender, name, scene.lexicon)
    own = [part.text for part in scene.message.parts if part.kind is PartKind.TEXT and part.sender is None]
    return any("jegyzo" in folded and _WRITES_AS_JEGYZO.search(folded) for folded in map(fold, own))


def _closes(text: str, name: Evidence) -> bool:
    """Is the name with its title the letter's last line, signed without a word of closing?"""
    before = text[text.rfind("\n", 0, name.start) + 1 : name.start]
    return fold(before).strip(" .") in ("", "dr") and "\n" not in text[name.start :].strip()


def _nobody_else(scene: _Scene, sender: Address, name: str) -> bool:
    return fits_name(sender, name, scene.lexicon) or not sender.name


def _says_copied(scene: _Scene) -> Evidence | None:
    """Where the mail says that the jegyző gets a copy, and not that someone else does."""
    for index, part in enumerate(scene.message.parts):
        if part.kind not in {PartKind.TEXT, PartKind.SUBJECT, PartKind.SIGNATURE} or part.sender is not None:
            continue
        hits = find_phrases(part.text, scene.catalogue.words, ("point_at_copy", "copy_to_another"))
        vetoed = {hit.sentence for hit in hits if hit.name == "copy_to_another"}
        for hit in hits:
            if hit.name == "point_at_copy" and hit.sentence not in vetoed:
                return Evidence(index, hit.start, hit.end, part.text[hit.start : hit.end], part.source)
    return None


def _plainly_another(address: Address, catalogue: Catalogue) -> bool:
    """Is it plainly not the jegyző: a secretariat, an aljegyző, the mayor, an office box?"""
    local = fold(address.address.partition("@")[0])
    if is_false_friend(f"{local} {fold(address.name)}", catalogue):
        return True
    roles = frozenset(catalogue.words.get("role_words", ()))
    tokens = _TOKENS.findall(local)
    shown = _TOKENS.findall(fold(address.name))
    return any(token in roles for token in tokens) or any(
        token.startswith(("polgarmester", "alpolgarmester")) for token in shown
    )


def _in_our_letter(scene: _Scene) -> Address | None:
    """The jegyző among those to whom our own letter went, where this mail answers it (policy.md §8)."""
    for part in scene.message.parts:
        if part.kind is PartKind.QUOTED and part.sender and part.sender.address in scene.context.own_addresses:
            for address in part.recipients:
                if says_jegyzo(address, scene.catalogue):
                    return address
    return None


def _found(status: JegyzoStatus, address: Address, header: str) -> Jegyzo:
    return Jegyzo(status, address.address, address.name, (in_header(header, f"{address.name} <{address.address}>"),))
