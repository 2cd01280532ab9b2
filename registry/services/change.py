"""The one place that writes a registration: a guarded UPDATE by version, and the event that says who and what.

Only the worker's own verbs, of which there are many at once, are written by `complete`. Every other verb
beside this file calls `get_current` and then `record_change` inside one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F
from django.db.models.functions import Now

from registry.identity import identity
from registry.models import REQUIRED_FIELDS, Registration, RegistrationStatus
from registry.services.moot_letters import discard_moot_letters
from registry.services.refusals import FieldsMissingError, NotAllowedError, OutdatedError
from worker.models import Event, Reply

UNSETTLED = (RegistrationStatus.INCOMPLETE, RegistrationStatus.REVIEW)


@dataclass(frozen=True, slots=True)
class Target:
    """Which registration a person decided on, and the version of it that they saw."""

    pk: int
    version: int


@dataclass(frozen=True, slots=True)
class BulkResult:
    """Primary keys done, and those left alone because they changed or their status does not allow it.

    `why` names the reason of each refused one, where it is known: a code of the label group "why_refused". `mark` is
    what the events of an act that can be taken back have in common (`change_many`).
    """

    done: tuple[int, ...]
    refused: tuple[int, ...]
    why: Mapping[int, str] = field(default_factory=dict)
    mark: int | None = None


def get_current(target: Target, allowed: Collection[str]) -> Registration:
    """The registration as the person saw it.

    Raises Registration.DoesNotExist, OutdatedError where it changed since, NotAllowedError where its status is
    not among `allowed` or the person was taken out of it.
    """
    registration = Registration.objects.get(pk=target.pk)
    if registration.version != target.version:
        raise OutdatedError(registration)
    if registration.status not in allowed or registration.is_erased:
        raise NotAllowedError(registration.status)
    return registration


def require_fields(registration: Registration) -> None:
    """Raise FieldsMissingError unless the portal could make an account of it."""
    if registration.missing_fields:
        raise FieldsMissingError(registration.missing_fields)


def record_change(
    before: Registration,
    actor: User | None,
    verb: str,
    values: Mapping[str, Any],
    *,
    reply: Reply | None = None,
    **details: Any,
) -> Registration:
    """Write `values` over `before` and an event (of `reply` too, where given); returns the row as it is now.

    The event's details: `version` after the change, `from` and `to` (status), `changed` {field: [old, new]}, what the
    verb adds and, where a person did it, `stood`: what was overwritten, for `undo`. A request that a person moves on is
    put aside no longer, and letters that ask for what is settled by it stay here. Raises OutdatedError where another
    process was faster. Must run in a transaction.
    """
    values = _with_what_follows(before, actor, values)
    guarded = Registration.objects.filter(pk=before.pk, version=before.version)
    if guarded.update(version=F("version") + 1, updated_at=Now(), **values) != 1:
        raise OutdatedError(Registration.objects.get(pk=before.pk))
    after = Registration.objects.get(pk=before.pk)
    changed = {
        name: [getattr(before, name), getattr(after, name)]
        for name in REQUIRED_FIELDS
        if getattr(before, name) != getattr(after, name)
    }
    if actor is not None and "stood" not in details:
        stood = {name: _storable(before, name) for name in values}
        details["stood"] = {name: value for name, value in stood.items() if value != _storable(after, name)}
    event = Event.objects.create(
        actor=actor,
        verb=verb,
        mail_id=before.mail_id,
        registration=after,
        reply=reply,
        details={"version": after.version, "from": before.status, "to": after.status, "changed": changed, **details},
    )
    if actor is not None and before.status == RegistrationStatus.INCOMPLETE and after.status not in UNSETTLED:
        discard_moot_letters(after, event, actor)
    return after


def _with_what_follows(before: Registration, actor: User | None, values: Mapping[str, Any]) -> Mapping[str, Any]:
    if actor is not None and values.get("status", before.status) != before.status:
        values = {**values, "snoozed_until": None}
    if "pir" in values or "full_name" in values:
        named = (values.get("pir", before.pir), values.get("full_name", before.full_name))
        values = {**values, "identity": identity(*named)}
    return values


def _storable(row: Registration, name: str) -> Any:
    """The column's value as JSON can hold it: of a person the key, of a moment the text."""
    field = Registration._meta.get_field(name)
    value = getattr(row, getattr(field, "attname", name))
    return value.isoformat() if isinstance(value, datetime) else value
