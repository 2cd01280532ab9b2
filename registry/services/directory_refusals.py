"""Why a directory was not changed. Each is a ChangeRefusedError: nothing was changed.

RowChangedError      somebody else changed the row first: show it as it stands
RowExistsError       a row with this key is there already
WordRefusedError     the word would spoil the reading of mails, or changes nothing: `fault` says why
DraftsChangedError   the drafts are not those that were seen: show them again
PlanChangedError     the upload would do something else than was shown: show the plan again
"""

from __future__ import annotations

from registry.services.refusals import ChangeRefusedError
from rules.module_faults import Fault


class RowChangedError(ChangeRefusedError):
    """The row is not as the person saw it, or is gone."""


class RowExistsError(ChangeRefusedError):
    """The key is taken."""


class WordRefusedError(ChangeRefusedError):
    """`fault` is what is wrong; its code may also be known or unknown (nothing to add, nothing to remove)."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.word}")
        self.fault = fault


class DraftsChangedError(ChangeRefusedError):
    """Somebody changed the drafts meanwhile."""


class PlanChangedError(ChangeRefusedError):
    """The directory changed since the upload was looked at."""
