"""What somebody new to a case has without saying so: the office of the others, as far as he has none of his own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rules.answers.asked import SINGLE, held
from rules.answers.claim import Claims, Force
from rules.model import Person
from rules.reading.labels import Slot

OF_OFFICE = (Slot.MUNICIPALITY, Slot.PIR, Slot.COUNTY)


def office_of(people: Sequence[Person]) -> Person:
    """What a new person shares with the case: the office's data, where all of the case agree on them."""
    fields: dict[str, Any] = {}
    for slot in OF_OFFICE:
        values = [held(person, slot) for person in people]
        if values and values[0] and len({one.value if one else "" for one in values}) == 1:
            fields[SINGLE[slot]] = values[0]
    return Person(**fields)


def heir_of(person: Person) -> Person:
    """What somebody wanted in `person`'s place has: everything but what is his own."""
    return Person(municipality=person.municipality, pir=person.pir, county=person.county, modules=person.modules)


def inherited(office: Person, claims: Claims) -> Person:
    """`office` without what `claims` say of the new person himself; who works elsewhere has nothing of it."""
    told = {slot for slot, claim in claims.values.items() if claim.force is not Force.SIGNED}
    place = claims.values.get(Slot.MUNICIPALITY)
    if place and Slot.MUNICIPALITY in told and office.municipality and place.field.value != office.municipality.value:
        told |= set(OF_OFFICE)
    own: dict[str, Any] = {SINGLE[slot]: None for slot in told if slot in OF_OFFICE}
    if claims.modules and (claims.modules.known or claims.modules.unknown):
        own["modules"] = ()
    return replace(office, **own)
