"""The columns of the general formats: the fields of a person in docs/verdict.md, with where they came from. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from registry.models import Registration

FIELDS = (
    "id",
    "status",
    "full_name",
    "municipality",
    "pir",
    "county",
    "email",
    "modules",
    "problems",
    "notes",
    "jegyzo",
    "jegyzo_address",
    "mail_message_id",
    "received_at",
)


def person_json(registration: Registration) -> dict[str, object]:
    """A registration in the shape of a verdict's person, with `id`, `status` and `mail_message_id`."""
    return {
        "id": registration.pk,
        "status": registration.status,
        "mail_message_id": registration.mail.message_id,
        "full_name": registration.full_name or None,
        "municipality": registration.municipality or None,
        "pir": registration.pir or None,
        "county": registration.county or None,
        "email": registration.email or None,
        "modules": registration.module_ids,
        "problems": list(registration.problems),
        "notes": list(registration.notes),
    }


@dataclass(frozen=True, slots=True)
class Wording:
    """How a table speaks: `word(group, code)` names a code, `zone` is the clock of its moments.

    Without them the words are the machine's (docs/operation.md) and a moment is an ISO text with its offset.
    """

    headings: Sequence[str] = FIELDS
    word: Callable[[str, str], str] | None = None
    zone: tzinfo | None = None

    def name(self, group: str, code: str) -> str:
        """The code in this table's words."""
        return self.word(group, code) if self.word and code else code

    def names(self, group: str, codes: Sequence[str]) -> str:
        """Several codes in one cell."""
        return (", " if self.word else " ").join(self.name(group, code) for code in codes)

    def moment(self, at: datetime) -> datetime | str:
        """A moment as a date cell of local time, or as a text for machines."""
        if self.zone is None:
            return at.isoformat(timespec="seconds")
        return at.astimezone(self.zone).replace(tzinfo=None, microsecond=0)


MACHINE = Wording()


def cells(registration: Registration, module_names: Mapping[str, str], wording: Wording) -> list[str | datetime]:
    """The row in the order of FIELDS; texts are as they are (the formats neutralise them)."""
    return [
        str(registration.pk),
        wording.name("status", registration.status),
        registration.full_name,
        registration.municipality,
        registration.pir,
        registration.county,
        registration.email,
        ", ".join(module_names.get(module, module) for module in registration.module_ids),
        wording.names("problem", registration.problems),
        wording.names("note", registration.notes),
        wording.name("jegyzo", registration.jegyzo_status),
        registration.jegyzo_address,
        registration.mail.message_id,
        wording.moment(registration.mail.received_at),
    ]
