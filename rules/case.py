"""What a check looks at: one person of the mail, beside the others, the jegyző and the world's data."""

from __future__ import annotations

from dataclasses import dataclass

from rules.catalogue import Catalogue
from rules.model import Context, Evidence, Field, Jegyzo, Person


@dataclass(frozen=True, slots=True)
class Case:
    """Person number `index` of `people`, as read; `unread` is the attachment with data that could not be read.

    `tax_pirs` holds, person by person, the PIR that a tax number beside the PIR yields ("" where none stands there).
    """

    index: int
    people: tuple[Person, ...]
    jegyzo: Jegyzo
    catalogue: Catalogue
    context: Context
    unread: tuple[Evidence, ...] = ()
    tax_pirs: tuple[str, ...] = ()

    @property
    def person(self) -> Person:
        return self.people[self.index]

    @property
    def tax_pir(self) -> str:
        return self.tax_pirs[self.index] if self.index < len(self.tax_pirs) else ""


def seen(field: Field[str] | None) -> tuple[Evidence, ...]:
    """Where a field's value was seen; nowhere where there is none."""
    return field.evidence if field else ()
