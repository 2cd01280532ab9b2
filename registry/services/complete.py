"""Complete: an answer fills in, or takes back, a request that waits. The worker's verbs; a person can undo them.

Their events hold beside what every change tells: `by_mail` (the answer), `stood` (all that undoing needs).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.models import REQUIRED_FIELDS, Registration, RegistrationStatus
from registry.services.change import record_change
from registry.services.refusals import NotAllowedError

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


def complete(registration: Registration, by_mail: int, values: Mapping[str, Any]) -> Registration:
    """Write what the mail `by_mail` adds. Raises ChangeRefusedError; must run in a transaction."""
    return _change(registration, COMPLETED, by_mail, values)


def take_back_by_requester(registration: Registration, by_mail: int) -> Registration:
    """The requester does not want it any more. Raises ChangeRefusedError; must run in a transaction."""
    return _change(registration, WITHDRAWN, by_mail, {"status": RegistrationStatus.WITHDRAWN})


def _change(registration: Registration, verb: str, by_mail: int, values: Mapping[str, Any]) -> Registration:
    if registration.status not in COMPLETABLE:
        raise NotAllowedError(registration.status)
    stood = {name: getattr(registration, name) for name in KEPT}
    return record_change(registration, None, verb, values, by_mail=by_mail, stood=stood)
