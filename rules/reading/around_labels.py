"""What a label before a value says of it: whether it may be read there, whose it is, whether it was read already."""

from __future__ import annotations

from rules.reading.labelled import Entry
from rules.reading.labels import Slot
from rules.reading.names import NameHit
from rules.reading.prose import NamedRole, Role
from rules.reading.spot import Spot
from rules.reading.stretches import Stretches

SURE_PLACE = 0.8  # from here on the words around a place say that it is one

# Labels whose values hold nothing else: a name's line no place, an address's line no module.
_ONLY = {
    Slot.MODULES: frozenset({Slot.MODULES}),
    Slot.EMAIL: frozenset({Slot.EMAIL}),
    Slot.OTHER: frozenset[Slot](),
    Slot.CONTACT: frozenset({Slot.EMAIL}),
    Slot.JEGYZO: frozenset[Slot](),
    Slot.COUNTY: frozenset({Slot.COUNTY, Slot.PIR, Slot.TAX, Slot.EMAIL}),
    Slot.PIR: frozenset({Slot.PIR, Slot.TAX, Slot.COUNTY, Slot.EMAIL}),
    Slot.TAX: frozenset({Slot.PIR, Slot.TAX}),
    Slot.MUNICIPALITY: frozenset({Slot.MUNICIPALITY, Slot.COUNTY, Slot.PIR, Slot.TAX, Slot.EMAIL}),
    Slot.FULL_NAME: frozenset({Slot.MUNICIPALITY, Slot.COUNTY, Slot.PIR, Slot.TAX, Slot.EMAIL, Slot.MODULES}),
}


def allowed(spot: Spot, entries: Stretches[Entry]) -> bool:
    """May an unlabelled value be read where it stands, with the label that is before it?"""
    entry = entries.before(spot.start)
    if entry is None or spot.start >= entry.end:
        return True
    kinds = [_ONLY.get(slot) for slot in entry.slots]
    return any(kind is None or spot.slot in kind for kind in kinds)


def speaks(role: NamedRole, entries: Stretches[Entry]) -> bool:
    """Is a name in the text free of labels that say it is somebody else's?"""
    entry = entries.before(role.name.start)
    if entry and role.name.start < entry.end:
        return Slot.FULL_NAME in entry.slots or bool(entry.slots & {Slot.MUNICIPALITY} and role.in_data)
    return role.role is not Role.ADDRESSEE


def in_name(spot: Spot, names: Stretches[NameHit]) -> bool:
    """Is a place's name here a person's: "Sükösd Tamás"?"""
    if spot.slot is not Slot.MUNICIPALITY or spot.rank >= SURE_PLACE:
        return False
    return bool(names.over(spot.start, spot.start + 1))


def doubled(spot: Spot, labelled: Stretches[Spot]) -> bool:
    """Is the value read already, under its label or as part of a labelled name?"""
    numbers = {Slot.PIR, Slot.TAX}
    for other in labelled.over(spot.start, spot.end):
        if spot.slot is other.slot or numbers >= {spot.slot, other.slot}:
            return True
        if other.slot is Slot.FULL_NAME and spot.start >= other.start:
            return True
    return False


def without_doubles(spots: list[Spot]) -> list[Spot]:
    """The spots, each value once at its place."""
    return list({(spot.slot, spot.value, spot.start): spot for spot in reversed(spots)}.values())[::-1]
