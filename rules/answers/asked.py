"""What our letter asked of a person, by the kind of value that answers it."""

from __future__ import annotations

from collections.abc import Sequence

from rules.model import Field, Note, Person, Problem
from rules.reading.labels import Slot

REFUSING: dict[Slot, frozenset[Problem]] = {  # a problem of the second kind asks for a value of the first
    Slot.FULL_NAME: frozenset({Problem.FULL_NAME_MISSING}),
    Slot.MUNICIPALITY: frozenset({Problem.MUNICIPALITY_MISSING, Problem.COUNTY_MISMATCH}),
    Slot.PIR: frozenset({Problem.PIR_MISSING, Problem.PIR_INVALID}),
    Slot.COUNTY: frozenset({Problem.COUNTY_MISSING, Problem.COUNTY_MISMATCH}),
    Slot.EMAIL: frozenset(
        {Problem.EMAIL_MISSING, Problem.EMAIL_INVALID, Problem.EMAIL_NOT_PERSONAL, Problem.EMAIL_SHARED}
    ),
    Slot.MODULES: frozenset({Problem.MODULES_MISSING, Problem.MODULES_UNKNOWN}),
}
SINGLE = {  # the kinds of value of which a person has one, and the Person's field that holds it
    Slot.FULL_NAME: "full_name",
    Slot.MUNICIPALITY: "municipality",
    Slot.PIR: "pir",
    Slot.COUNTY: "county",
    Slot.EMAIL: "email",
}


def asked_slots(person: Person) -> frozenset[Slot]:
    """The kinds of value that `person` still owes us."""
    slots = {slot for slot, problems in REFUSING.items() if problems & set(person.problems)}
    if Note.MUNICIPALITY_UNKNOWN in person.notes:
        slots.add(Slot.MUNICIPALITY)
    slots |= {slot for slot in SINGLE if slot is not Slot.COUNTY and held(person, slot) is None}
    return frozenset(slots) | (frozenset() if person.modules else {Slot.MODULES})


def asked_of_all(people: Sequence[Person]) -> frozenset[Slot]:
    """What is owed by any of `people`."""
    return frozenset().union(*(asked_slots(person) for person in people))


def held(person: Person, slot: Slot) -> Field[str] | None:
    """The value of `slot` that `person` has."""
    field: Field[str] | None = getattr(person, SINGLE[slot])
    return field
