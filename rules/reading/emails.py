"""Whose address is it? The person's own among those that a mail holds (policy.md §2, §3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rules.findings import in_header
from rules.model import Context, Evidence, Field, Message, Origin
from rules.reading.fields import as_field
from rules.reading.fitting import local_part_fits
from rules.reading.jegyzo import says_jegyzo
from rules.reading.labels import Slot
from rules.reading.lexicon import Lexicon
from rules.reading.names import name_key
from rules.reading.spots import Scanner, Spot
from rules.reading.writer import Writer
from rules.text import fold

LOOK_BACK = 90
_CONTACT = re.compile(
    r"kerdes\w* eset|erdeklod|keress|elerhet[oe]\w* vagy|tovabbi inform|valasz\w* (?:a|az|kerem|kerjuk|ide)"
    r"|ertesits|visszajelz|jegyzo|cimre kuld|irj[ao]|(?<!el)(?<!felre)irt(?:am|unk)|kuldtem|kuldtuk|portal|oktatas@"
    r"|(?<![a-z])(?:regi|korabbi|volt|eddigi|nem (?:a|az|ez))(?![a-z])|helyett(?!e)"
)
_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_ALL = re.compile(r"kozos|mindket|mindharom|mindannyi|mindnyaj|valamennyi|ugyanaz|ugyanerre")
_CORRECTED = re.compile(
    r"(?:hanem|helyesen|helyes(?:bit)?|javit|pontosabban|bocsanat|uj(?: cim)?|inkabb|illetve megis|(?:a|az igazi) jo)"
    r"\W{0,4}(?:[\w-]+\W){0,3}$"
)
_CORRECTING = re.compile(r"(?:elirt|elutott|elgepel|felreirt|helyesen)[^@]*$")


def candidates(
    spots: Iterable[Spot], message: Message, scanner: Scanner, context: Context, beside: Iterable[Evidence]
) -> list[Spot]:
    """The addresses that may be an applicant's: not ours, not the jegyző's, nor the sender's by the way.

    The sender's own counts where it is labelled, stands on the line of one of the applicant's names (`beside`), is
    said to be everybody's or puts another one right.
    """
    sender, names = {address.address for address in message.from_}, tuple(beside)
    copied = {address.address for address in (*message.to, *message.cc) if says_jegyzo(address, scanner.catalogue)}
    kept = []
    for spot in spots:
        if spot.slot is not Slot.EMAIL or spot.value in context.own_addresses or spot.value in copied:
            continue
        meant = spot.value not in sender or spot.labelled or _is_for_all(message, spot) or _is_put_right(message, spot)
        if meant or any(_same_line(message, spot, name) or _signs(message, spot, name) for name in names):
            kept.append(spot)
    return kept


def _is_for_all(message: Message, spot: Spot) -> bool:
    """ "mindkettőnk leveleit az eva@… címre kérjük": the sender's address is meant for the others, too."""
    return bool(_ALL.search(_just_before(message, spot)))


def _is_put_right(message: Message, spot: Spot) -> bool:
    """ "elírtam a címem, helyesen eva@…": written wrongly before, the sender's own address is meant."""
    return bool(_CORRECTING.search(_SENTENCE_END.split(_just_before(message, spot))[-1]))


def _just_before(message: Message, spot: Spot) -> str:
    text = message.parts[spot.evidence.part].text if spot.evidence.part >= 0 else ""
    return fold(text[max(0, spot.start - LOOK_BACK) : spot.start])


def _same_line(message: Message, spot: Spot, name: Evidence) -> bool:
    """Do address and name stand in the same paragraph line of the same part?"""
    if name.part != spot.evidence.part or name.part < 0:
        return False
    text = message.parts[name.part].text
    return "\n" not in text[min(name.start, spot.start) : max(name.start, spot.start)]


def _signs(message: Message, spot: Spot, name: Evidence) -> bool:
    """Does the address stand alone on a line of the block that the name heads, and spell a word of it?"""
    if name.part != spot.evidence.part or name.part < 0 or spot.start < name.end:
        return False
    text = message.parts[name.part].text
    heads = text[text.rfind("\n", 0, name.start) + 1 : name.start].strip(" \t-–—*•") == ""
    line = text[text.rfind("\n", 0, spot.start) + 1 : spot.end].strip()
    block = text[name.end : spot.start]
    words = (word.removesuffix("ne") for word in fold(name.excerpt).split())
    return (
        heads
        and "\n\n" not in block
        and len(line) == spot.end - spot.start
        and any(len(word) > 2 and word in fold(spot.value) for word in words)
    )


def hand_over(own: Sequence[list[Spot]], names: Sequence[str], lexicon: Lexicon) -> None:
    """Give an address that stands beside one person but spells another's name to the other, if he has none such.

    "Kis Pál az irat, Vas Éva az adó tananyagot kéri; címük kis.pal@…, illetve vas.eva@…"
    """
    for holder, spots in enumerate(own if len(own) > 1 else ()):
        for spot in [spot for spot in spots if spot.slot is Slot.EMAIL]:
            likeness = [_likeness(spot.value, name, lexicon) for name in names]
            best = max(range(len(names)), key=likeness.__getitem__)
            if likeness[best] <= likeness[holder] or likeness.count(likeness[best]) > 1:
                continue
            held = [other for other in own[best] if other.slot is Slot.EMAIL]
            if not any(_likeness(other.value, names[best], lexicon) >= likeness[best] for other in held):
                spots.remove(spot)
                own[best].append(spot)


def _likeness(address: str, name: str, lexicon: Lexicon) -> int:
    """How many words of the name the local part spells out; 1 where it only fits it otherwise."""
    local = fold(address.partition("@")[0])
    spelled = sum(word.removesuffix("ne") in local for word in name_key(name, lexicon) if len(word) > 2)
    return max(spelled, int(is_like(address, name, lexicon)))


def choose_email(
    held: tuple[Sequence[Spot], Sequence[Spot]], name: str, texts: dict[int, str], lexicon: Lexicon, *, alone: bool
) -> Field[str] | None:
    """The person's address: labelled, like the name, corrected last; a shared one only where it fits or is for all.

    `held` are the addresses beside the person, and those that stand for nobody in particular.
    """
    for origin, spots in zip((Origin.OWN, Origin.SHARED), held, strict=True):
        pool = list(spots)
        if origin is Origin.SHARED and not alone:
            fitting = [spot for spot in pool if name and is_like(spot.value, name, lexicon)]
            pool = fitting or [spot for spot in pool if _ALL.search(_before(spot, texts))]
        if pool:
            best = max(pool, key=lambda spot: _score(spot, name, texts, lexicon)) if len(pool) > 1 else pool[0]
            return as_field(best, origin)
    return None


def sender_email(writer: Writer) -> Field[str] | None:
    """The sender's own address, for those who ask for themselves and give no other."""
    if writer.address is None or "@" not in writer.address.address:
        return None
    address = writer.address.address
    return Field(address, (in_header("from", address),), Origin.SENDER, 0.8)


def is_like(address: str, name: str, lexicon: Lexicon) -> bool:
    """Does the local part hold a word of the name, or is it made of its initials?"""
    if local_part_fits(address, name, lexicon):
        return True
    local = fold(address.partition("@")[0])
    return any(
        len(word) >= 4 and (word in local or word.removesuffix("ne") in local) for word in name_key(name, lexicon)
    )


def _before(spot: Spot, texts: dict[int, str]) -> str:
    text = texts.get(spot.evidence.part, "")
    line = text.rfind("\n\n", 0, spot.start) + 1
    return fold(text[max(line, spot.start - LOOK_BACK) : spot.start])


def _score(spot: Spot, name: str, texts: dict[int, str], lexicon: Lexicon) -> tuple[int, int, int, int, int]:
    before = _before(spot, texts)
    sentence = _SENTENCE_END.split(before)[-1]
    return (
        -int(bool(_CONTACT.search(sentence)) and not spot.labelled),
        2 if _CORRECTED.search(before) else int(bool(_CORRECTING.search(sentence))),
        int(spot.labelled),
        int(bool(name) and is_like(spot.value, name, lexicon)),
        -spot.start,
    )
