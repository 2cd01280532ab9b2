"""Which modules does a person want, of all that his mail names? (policy.md §5)"""

from __future__ import annotations

from collections.abc import Sequence

from rules.catalogue import Catalogue
from rules.model import Field, Origin
from rules.reading.fields import Tiers, as_field
from rules.reading.labels import Slot
from rules.reading.spots import Spot

Fields = tuple[Field[str], ...]


def choose_modules(tiers: Tiers, subject: Sequence[Spot], catalogue: Catalogue) -> tuple[Fields, Fields]:
    """The rows wanted, and the wishes that fit no row.

    What stands beside the person's name wins over what is said for all; a module field over mere mentions. The
    subject adds to mentions in the text and stands in where there are none.
    """
    for origin, spots in tiers.each(Slot.MODULES):
        if origin is Origin.SIGNATURE:
            continue
        labelled = [spot for spot in spots if spot.labelled]
        chosen = labelled or [*spots, *_of(subject)]
        if any(spot.known for spot in chosen) or labelled or any(not spot.known for spot in spots):
            return _split(chosen, origin, catalogue)
    return _split(_of(subject), Origin.SHARED, catalogue)


def _of(spots: Sequence[Spot]) -> list[Spot]:
    """The wishes of a subject; what merely stands behind a label there ("ASP oktatás – Gárdony") is none."""
    return [spot for spot in spots if spot.slot is Slot.MODULES and (spot.known or not spot.labelled)]


def _split(spots: Sequence[Spot], origin: Origin, catalogue: Catalogue) -> tuple[Fields, Fields]:
    known = {spot.value: as_field(spot, origin) for spot in reversed(spots) if spot.known}
    inside = {module.id: module.inside for module in catalogue.modules}
    bare = {
        spot.value for spot in spots if spot.known and len(spot.evidence.excerpt.split()) == 1 and not spot.labelled
    }
    narrower = {inside[one] for one in known if inside.get(one)}
    wanted = [
        one
        for one in dict.fromkeys(spot.value for spot in spots if spot.known)
        if not (one in bare and one in narrower)
    ]
    unknown = {spot.value.lower(): as_field(spot, origin) for spot in spots if not spot.known}
    return tuple(known[one] for one in wanted), tuple(unknown.values())
