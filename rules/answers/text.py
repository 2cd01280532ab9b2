"""From the values shared out to claims: which one a person's field takes, and how firmly it was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.answers.asked import asked_slots
from rules.answers.claim import Claim, Claims, Force, ModuleClaim
from rules.answers.denied import clear
from rules.answers.weighing import Said
from rules.model import Field, Origin, Person
from rules.personal_address import judge_address
from rules.reading.emails import choose_email, is_like
from rules.reading.fields import Tiers, as_field, choose_municipality, choose_pir
from rules.reading.labels import Slot
from rules.reading.spots import Scanner, Spot
from rules.reading.wanted import choose_modules


@dataclass(frozen=True, slots=True)
class Pool:
    """The values one person may draw on: beside the name, for all, in the signature; `alone` where nobody else is."""

    own: Sequence[Spot]
    shared: Sequence[Spot]
    signature: Sequence[Spot]
    alone: bool


def text_claims(person: Person, pool: Pool, said: Said) -> Claims:
    """What the text says of `person`: the values beside the name, else those for all, else the signature's."""
    asked = asked_slots(person)
    cleared = clear(pool.own, pool.shared, person, said)
    tiers = Tiers(cleared.own, cleared.shared, pool.signature, alone=pool.alone)
    pir, tax = choose_pir(tiers)
    chosen = {
        Slot.MUNICIPALITY: choose_municipality(tiers),
        Slot.PIR: pir,
        Slot.COUNTY: _county(tiers, asked=Slot.COUNTY in asked),
        Slot.EMAIL: _email(person, tiers, said.scanner, said.texts),
    }
    spots = (*cleared.own, *cleared.shared)
    values = {
        slot: Claim(field, Force.CORRECTING if slot in cleared.put_right else said.force(field, spots))
        for slot, field in chosen.items()
        if field
    }
    if Slot.EMAIL in values and values[Slot.EMAIL].force < Force.CORRECTING:
        his = _is_his(person, pool, values[Slot.EMAIL].field.value, said)
        values[Slot.EMAIL] = Claim(values[Slot.EMAIL].field, Force.STATED if his else Force.MENTIONED)
    of_somebody = Slot.FULL_NAME in asked and any(spot.slot is Slot.MODULES for spot in cleared.own)
    return Claims(values, _modules(tiers, said, asked=Slot.MODULES in asked or of_somebody), tax)


def _is_his(person: Person, pool: Pool, address: str, said: Said) -> bool:
    """Is an address in the text plainly his: spells it the name, is it labelled and no office's, or the only one?

    An office's address below the name is how clerks sign.
    """
    scanner = said.scanner
    name = person.full_name.value if person.full_name else ""
    if not judge_address(address, name, "", scanner.catalogue).personal:
        return False
    spots = [spot for spot in (*pool.own, *pool.shared) if spot.slot is Slot.EMAIL]
    labelled = any(spot.labelled for spot in spots if spot.value == address)
    lone = pool.alone and len({spot.value for spot in spots}) == 1
    from_sender = person.email is not None and person.email.origin is Origin.SENDER
    return labelled or (lone and from_sender) or (bool(name) and is_like(address, name, scanner.lexicon))


def _county(tiers: Tiers, *, asked: bool) -> Field[str] | None:
    for origin, spots in tiers.each(Slot.COUNTY):
        held_here = [spot for spot in spots if spot.labelled] or (spots if asked else [])
        if held_here and (origin is not Origin.SIGNATURE or asked):
            return as_field(held_here[0], origin)
    return None


def _email(person: Person, tiers: Tiers, scanner: Scanner, texts: Mapping[int, str]) -> Field[str] | None:
    name = person.full_name.value if person.full_name else ""
    pools = [[spot for spot in spots if spot.slot is Slot.EMAIL] for spots in (tiers.own, tiers.shared)]
    personal = [
        [spot for spot in pool if judge_address(spot.value, name, "", scanner.catalogue).personal] for pool in pools
    ]
    pools = personal if any(personal) else pools  # an office's address stands in many a signature
    return choose_email((pools[0], pools[1]), name, dict(texts), scanner.lexicon, alone=tiers.alone)


def _modules(tiers: Tiers, said: Said, *, asked: bool) -> ModuleClaim | None:
    known, unknown = choose_modules(tiers, (), said.scanner.catalogue)
    if not known and not unknown:
        return None
    adds = not asked and any(said.near(one, "ask_for_more") for one in known)
    corrects = any(said.near(one, "correct_value") for one in known)
    labelled = {spot.evidence for spot in (*tiers.own, *tiers.shared) if spot.labelled}
    stated = any(labelled & set(one.evidence) for one in known)
    force = Force.CORRECTING if corrects else Force.STATED if stated else Force.MENTIONED
    if not asked and not adds and force is Force.MENTIONED:
        return None
    return ModuleClaim(known, unknown if asked else (), force, adds)
