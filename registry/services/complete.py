"""Complete: an answer fills in, or takes back, a request that waits. The worker's verbs; a person can undo them.

Their events hold beside what every change tells: `by_mail` (the answer), `stood` (all that undoing needs).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Now

from registry.identity import identity
from registry.models import REQUIRED_FIELDS, Registration, RegistrationStatus
from registry.services.refusals import ChangeRefusedError, NotAllowedError
from worker.models import Event
from worker.services.prepared import PreparedUpdate

COMPLETABLE = (
    RegistrationStatus.INCOMPLETE,
    RegistrationStatus.REVIEW,
    RegistrationStatus.READY,
    RegistrationStatus.EXPIRED,
)
COMPLETED, WITHDRAWN = "completed", "withdrawn"
KEPT = (
    *REQUIRED_FIELDS,
    "status",
    "problems",
    "notes",
    "evidence",
    "suggestions",
    "jegyzo_status",
    "jegyzo_address",
)


CHANGED = PreparedUpdate(
    Registration,
    where=("pk", "version"),
    given=(*KEPT, "identity"),
    version=F("version") + 1,
    updated_at=Now(),
)


@dataclass(frozen=True, slots=True)
class Completion:
    """What the mail `by_mail` does to a request that stood as `before`; `values` are what it overwrites."""

    before: Registration
    verb: str
    by_mail: int
    values: Mapping[str, Any]

    @property
    def columns(self) -> dict[str, Any]:
        """What CHANGED is given."""
        kept = {name: self.values.get(name, getattr(self.before, name)) for name in KEPT}
        return {
            "pk": self.before.pk,
            "version": self.before.version,
            **kept,
            "identity": identity(kept["pir"], kept["full_name"]),
        }

    @property
    def event(self) -> Event:
        """That it was done, yet to be written."""
        now = self.columns
        changed = {
            name: [getattr(self.before, name), now[name]]
            for name in REQUIRED_FIELDS
            if getattr(self.before, name) != now[name]
        }
        details = {
            "version": self.before.version + 1,
            "from": self.before.status,
            "to": now["status"],
            "changed": changed,
            "by_mail": self.by_mail,
            "stood": {name: getattr(self.before, name) for name in KEPT},
        }
        return Event(verb=self.verb, mail_id=self.before.mail_id, registration=self.before, details=details)


def complete(registration: Registration, by_mail: int, values: Mapping[str, Any]) -> Completion:
    """What the mail `by_mail` adds. Raises ChangeRefusedError."""
    return _completion(registration, COMPLETED, by_mail, values)


def take_back_by_requester(registration: Registration, by_mail: int) -> Completion:
    """The requester does not want it any more. Raises ChangeRefusedError."""
    return _completion(registration, WITHDRAWN, by_mail, {"status": RegistrationStatus.WITHDRAWN.value})


def write_completions(completions: Sequence[Completion]) -> None:
    """Write them all, but for their events. Raises ChangeRefusedError; must run in a transaction."""
    # in the order in which `lock_current` locks: else a group and a person who decides several hold each other up
    ordered = sorted(completions, key=lambda one: one.before.pk)
    if CHANGED.run_each(one.columns for one in ordered) != len(ordered):
        raise ChangeRefusedError("changed by somebody else in the meantime")


def _completion(registration: Registration, verb: str, by_mail: int, values: Mapping[str, Any]) -> Completion:
    if registration.status not in COMPLETABLE:
        raise NotAllowedError(registration.status)
    return Completion(registration, verb, by_mail, values)
