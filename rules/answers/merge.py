"""A person of the case with what the answer adds, field by field.

What was asked for, and what was only inferred, gives way to what is said now. What was properly given gives way to a
plain correction; without one the two contradict each other, the old value stays and a person must look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules.answers.asked import SINGLE, asked_slots, held
from rules.answers.claim import Claim, Claims, Force, ModuleClaim
from rules.catalogue import Catalogue
from rules.findings import hit, miss
from rules.model import Field, Finding, Note, Origin, Person, Problem
from rules.reading.labels import Slot

WEAK = frozenset({Origin.INFERRED, Origin.SENDER, Origin.SIGNATURE})
FILLS, CORRECTS, REPEATS = "answer_fills", "answer_corrects", "answer_repeats"  # the names of the findings
CONTRADICTS, MENTIONS = Note.ANSWER_CONTRADICTS.value, "answer_mentions"


@dataclass(frozen=True, slots=True)
class Merged:
    """The person as the answer leaves him, and what it did to each field (`person` of the findings is set)."""

    person: Person
    findings: tuple[Finding, ...]

    @property
    def changed(self) -> bool:
        return any(one.code in {FILLS, CORRECTS, CONTRADICTS} for one in self.findings)

    @property
    def told(self) -> bool:
        """Did the answer give any data of him, were it the same again?"""
        return self.changed or any(one.code == REPEATS for one in self.findings)


def merge_person(person: Person, claims: Claims, index: int, catalogue: Catalogue) -> Merged:
    """Does an answer fill, correct, repeat or contradict what the case holds of `person` number `index`? (policy.md §8)

    What was asked for, or only inferred, gives way to what is said now; what was properly given only to a plain
    correction: without one the old value stays, and staff decide (`answer_contradicts`).
    """
    asked = asked_slots(person)
    findings: list[Finding] = []
    fields: dict[str, Any] = {}
    for slot, claim in claims.values.items():
        if slot is Slot.MUNICIPALITY and _county_settles(person, claims, catalogue):
            continue
        old = held(person, slot)
        done = _settle(old, claim, asked=slot in asked)
        if done in {FILLS, CORRECTS}:
            fields[SINGLE[slot]] = claim.field
        findings.append(_finding(done, slot, old.value if old else "", claim.field, index))
    if claims.modules:
        done = _settle_modules(person, claims.modules, asked=Slot.MODULES in asked)
        if done in {FILLS, CORRECTS}:
            fields |= _with_modules(person, claims.modules)
        findings += _of_modules(done, person, claims.modules, index)
    merged = _with_county(replace(person, **fields), person, catalogue)
    return Merged(merged, tuple(findings))


def _settle(old: Field[str] | None, claim: Claim, *, asked: bool) -> str:
    """What becomes of a claim beside the old value."""
    if old and old.value == claim.field.value:
        return REPEATS
    if old is None or asked:
        return FILLS if claim.force is not Force.SIGNED or old is None else MENTIONS
    if claim.force is Force.CORRECTING:
        return CORRECTS
    if claim.force is Force.STATED:
        return FILLS if old.origin in WEAK else CONTRADICTS
    return MENTIONS


def _settle_modules(person: Person, claim: ModuleClaim, *, asked: bool) -> str:
    known = {one.value for one in claim.known}
    old = {one.value for one in person.modules}
    if asked:
        return FILLS if known or (claim.unknown and not old) else MENTIONS
    if claim.force is Force.CORRECTING and not known:
        return CONTRADICTS  # all are taken back
    if known <= old:
        return REPEATS if known else MENTIONS
    if claim.adds:
        return FILLS
    if claim.force is Force.CORRECTING:
        return CORRECTS
    return CONTRADICTS if claim.force is Force.STATED and not old <= known else FILLS


def _with_modules(person: Person, claim: ModuleClaim) -> Mapping[str, tuple[Field[str], ...]]:
    kept = {one.value: one for one in person.modules}
    named = {one.value: kept.get(one.value, one) for one in claim.known}
    if claim.adds:
        return {"modules": tuple({**kept, **named}.values())}
    return {"modules": tuple(named.values()), "unknown_modules": claim.unknown}


def _with_county(person: Person, before: Person, catalogue: Catalogue) -> Person:
    """The county that follows from the settlement, where none is stated."""
    place = person.municipality
    settlement = catalogue.settlements.get(place.value) if place else None
    moved = place is not before.municipality
    inferred = person.county is not None and person.county.origin is Origin.INFERRED
    stale = person.county is None or (moved and (inferred or _followed_place(person, before, catalogue)))
    if place is None or settlement is None or not stale:
        return person
    return replace(person, county=Field(settlement.county, place.evidence, Origin.INFERRED, place.certainty))


def _followed_place(person: Person, before: Person, catalogue: Catalogue) -> bool:
    """Was the county given with the settlement that is no longer his, and none beside the new one?"""
    old = catalogue.settlements.get(before.municipality.value) if before.municipality else None
    county = before.county.value if before.county else ""
    return person.county is before.county and old is not None and old.county == county


def _county_settles(person: Person, claims: Claims, catalogue: Catalogue) -> bool:
    """Does a county that fits the settlement we hold answer the letter, so that a place merely named beside is none?

    "Elnézést, Borsod. Eger közelebb van": our letter asked which of county and settlement is wrong.
    """
    place, county = claims.values[Slot.MUNICIPALITY], claims.values.get(Slot.COUNTY)
    if Problem.COUNTY_MISMATCH not in person.problems or county is None or not person.municipality:
        return False
    if place.force is Force.CORRECTING or (place.force is Force.STATED and _lies_in(place.field, county, catalogue)):
        return False
    return _lies_in(person.municipality, county, catalogue)


def _lies_in(place: Field[str], county: Claim, catalogue: Catalogue) -> bool:
    settlement = catalogue.settlements.get(place.value)
    return settlement is not None and settlement.county == county.field.value


def _of_modules(done: str, person: Person, claim: ModuleClaim, index: int) -> list[Finding]:
    """A finding for each module that the answer names; one for all where it takes all of them back."""
    named = (*claim.known, *claim.unknown)
    if done == CORRECTS:
        held_before = {one.value for one in person.modules}
        named = tuple(one for one in named if one.value not in held_before) or named
    before = " ".join(one.value for one in person.modules) if done in {CORRECTS, CONTRADICTS} else ""
    return [_finding(done, Slot.MODULES, before, one, index) for one in named or (Field(""),)]


def _finding(done: str, slot: Slot, before: str, field: Field[str], index: int) -> Finding:
    """What the answer did to one field; `before` is the value that it found there."""
    details = {"field": slot.value, "before": before, "now": field.value}
    if done == MENTIONS:
        return miss(done, person=index, **details)
    return hit(done, done, field.evidence, person=index, **details)
