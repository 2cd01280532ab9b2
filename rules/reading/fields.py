"""From the values found to one a field: own before shared before signature, labelled before loose (policy.md §2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rules.catalogue import Catalogue
from rules.model import Evidence, Field, Origin
from rules.reading.labels import Slot
from rules.reading.pir import Body
from rules.reading.spots import Spot

NEARER = {Origin.OWN: 0.3, Origin.SHARED: 0.2, Origin.SIGNATURE: 0.0}  # added to a place's certainty
SURE_COUNTY = 0.7  # a county less sure than this is taken only where it does not contradict the settlement


@dataclass(frozen=True, slots=True)
class Tiers:
    """The values one person may draw on, the nearest first."""

    own: Sequence[Spot]
    shared: Sequence[Spot]
    signature: Sequence[Spot]
    alone: bool  # the only person of the mail

    def each(self, slot: Slot) -> Iterable[tuple[Origin, list[Spot]]]:
        """The spots for `slot`, tier by tier; empty tiers are left out."""
        tiers = ((Origin.OWN, self.own), (Origin.SHARED, self.shared), (Origin.SIGNATURE, self.signature))
        for origin, spots in tiers:
            held = [spot for spot in spots if spot.slot is slot]
            if held:
                yield origin, held


def as_field(spot: Spot, origin: Origin) -> Field[str]:
    """The spot's value with its evidence."""
    return Field(spot.value, (spot.evidence,), origin, min(spot.rank, 1.0))


def choose_municipality(tiers: Tiers) -> Field[str] | None:
    """The place that is named most like a place of work, the nearer tier preferred."""
    best: tuple[tuple[float, ...], Spot, Origin] | None = None
    for origin, spots in tiers.each(Slot.MUNICIPALITY):
        for spot in spots:
            score = (spot.rank + NEARER[origin] + (0.1 if spot.labelled else 0.0), float(-spot.start))
            if best is None or score[0] > best[0][0]:
                best = (score, spot, origin)
    return as_field(best[1], best[2]) if best else None


def choose_pir(tiers: Tiers) -> tuple[Field[str] | None, str]:
    """The PIR, and the one that a tax number yields ("" where none stands there).

    Two labelled ones: one that puts the other right, the council's before the office's, else the first that passes
    (policy.md §9). A bare number
    counts only where it is the only one; a tax number where no PIR is given.
    """
    labelled: list[tuple[Spot, Origin]] = []
    bare: list[tuple[Spot, Origin]] = []
    taxes: list[tuple[Spot, Origin]] = []
    for origin, spots in tiers.each(Slot.PIR):
        for spot in spots:
            (labelled if spot.labelled else bare).append((spot, origin))
    for origin, spots in tiers.each(Slot.TAX):
        taxes += [(spot, origin) for spot in spots if spot.known]
    tax = taxes[0][0].value if taxes else ""
    if labelled:
        return as_field(*_best_labelled(labelled, tiers)), tax
    if len({spot.value for spot, origin in bare if origin is not Origin.SIGNATURE}) == 1:
        return as_field(*bare[0]), tax
    if taxes:
        spot, _ = taxes[0]
        return replace(as_field(spot, Origin.INFERRED), certainty=spot.rank), ""
    return None, ""


def _best_labelled(labelled: Sequence[tuple[Spot, Origin]], tiers: Tiers) -> tuple[Spot, Origin]:
    nearest = labelled[0][1]
    passing = [(spot, origin) for spot, origin in labelled if spot.known]
    if not passing or (not tiers.alone and nearest is Origin.OWN and passing[0][1] is not Origin.OWN):
        return labelled[0]
    first_tier = [(spot, origin) for spot, origin in passing if origin is passing[0][1]]
    put_right = [(spot, origin) for spot, origin in first_tier if spot.pir and spot.pir.corrects]
    if put_right:
        return put_right[-1]
    order = {Body.COUNCIL: 0, Body.UNSAID: 1, Body.OFFICE: 1, Body.INSTITUTION: 2}
    return min(first_tier, key=lambda one: order[one[0].pir.body] if one[0].pir else 1)


def choose_county(tiers: Tiers, municipality: Field[str] | None, catalogue: Catalogue) -> Field[str] | None:
    """The county as given, else that of the settlement."""
    settlement = catalogue.settlements.get(municipality.value) if municipality else None
    for origin, spots in tiers.each(Slot.COUNTY):
        held = [spot for spot in spots if not _is_the_place(spot, municipality)]
        agreeing = [spot for spot in held if settlement and spot.value == settlement.county]
        labelled = [spot for spot in held if spot.labelled and spot.rank > SURE_COUNTY]
        if labelled:
            agreed = [spot for spot in labelled if spot in agreeing]
            return as_field((agreed or labelled)[0], origin)
        if agreeing:
            return as_field(agreeing[0], origin)
        sure = [spot for spot in held if (spot.rank > SURE_COUNTY or not settlement) or origin is Origin.OWN]
        if sure and not (settlement and origin is Origin.SIGNATURE):
            return as_field(sure[0], origin)
    if settlement and municipality:
        return Field(settlement.county, municipality.evidence, Origin.INFERRED, municipality.certainty)
    return None


def _is_the_place(spot: Spot, municipality: Field[str] | None) -> bool:
    """Is this bare county's name in truth the settlement's (Heves, Tolna)?"""
    if municipality is None or spot.labelled:
        return False
    return any(_touch(spot.evidence, seen) for seen in municipality.evidence)


def _touch(one: Evidence, other: Evidence) -> bool:
    return one.part == other.part and one.start < other.end and other.start < one.end
