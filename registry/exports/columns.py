"""The columns of the general formats: the fields of a person in docs/verdict.md, with where they came from. Pure."""

from __future__ import annotations

from collections.abc import Mapping

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


def cell_texts(registration: Registration, module_names: Mapping[str, str]) -> list[str]:
    """The row's texts in the order of FIELDS, as they are (the formats neutralise them)."""
    return [
        str(registration.pk),
        registration.status,
        registration.full_name,
        registration.municipality,
        registration.pir,
        registration.county,
        registration.email,
        ", ".join(module_names.get(module, module) for module in registration.module_ids),
        " ".join(registration.problems),
        " ".join(registration.notes),
        registration.jegyzo_status,
        registration.jegyzo_address,
        registration.mail.message_id,
        registration.mail.received_at.isoformat(timespec="seconds"),
    ]
