"""What an answer says of one person: values, each with how firmly it was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from rules.model import Field
from rules.reading.labels import Slot


class Force(IntEnum):
    """How a value was said; a later one weighs more."""

    SIGNED = 0  # stands in the signature only
    MENTIONED = 1  # somewhere in the text
    STATED = 2  # under a label, or as the bare answer to what was asked
    CORRECTING = 3  # said to put an earlier value right ("helyesen"), or written over it in our form


@dataclass(frozen=True, slots=True)
class Claim:
    """A value for one field of one person."""

    field: Field[str]
    force: Force


@dataclass(frozen=True, slots=True)
class ModuleClaim:
    """The modules named, and the wishes that fit no row; `adds` where they come on top of what was asked for."""

    known: tuple[Field[str], ...]
    unknown: tuple[Field[str], ...]
    force: Force
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """All that an answer says of one person; `tax_pir` is the PIR that a tax number beside the PIR yields."""

    values: Mapping[Slot, Claim] = field(default_factory=dict)
    modules: ModuleClaim | None = None
    tax_pir: str = ""

    def over(self, other: Claims) -> Claims:
        """These claims, and those of `other` where these say nothing or say it more weakly."""
        values = dict(other.values)
        for slot, claim in self.values.items():
            if slot not in values or claim.force >= values[slot].force:
                values[slot] = claim
        return Claims(values, self.modules or other.modules, self.tax_pir or other.tax_pir)
