"""Why a change was not made. Each says what the caller must do.

ChangeRefusedError
├── OutdatedError        somebody else changed it first: show what changed, let the person decide again
├── NotAllowedError      its state does not allow the verb: show the state
├── OvertakenError       somebody did the same first: show it, let the person decide again
├── TakenError           somebody else gave it to another colleague: show to whom, let the person decide again
├── FieldsMissingError   it cannot go on without these fields: let the person fill them in
└── ProblemsOpenError    it has problems that the person did not say to accept: show them, ask
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from registry.models import Registration


class ChangeRefusedError(Exception):
    """Nothing was changed."""


class OutdatedError(ChangeRefusedError):
    """The caller saw an older version; `current` is the row as it stands now."""

    def __init__(self, current: Registration) -> None:
        super().__init__("changed by somebody else in the meantime")
        self.current = current


class NotAllowedError(ChangeRefusedError):
    """The row's state (`state`) does not allow it."""

    def __init__(self, state: str) -> None:
        super().__init__(f"not allowed in state {state}")
        self.state = state


class OvertakenError(ChangeRefusedError):
    """What the caller was about to do was done already, by them in another page or by a colleague (`actor`)."""

    def __init__(self, actor: User | None) -> None:
        super().__init__("done already")
        self.actor = actor


class TakenError(ChangeRefusedError):
    """Another colleague (`current`, None: nobody) has it by now."""

    def __init__(self, current: User | None) -> None:
        super().__init__("given to somebody else in the meantime")
        self.current = current


class FieldsMissingError(ChangeRefusedError):
    """The fields named are empty."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(f"missing: {', '.join(fields)}")
        self.fields = fields


class ProblemsOpenError(ChangeRefusedError):
    """Problems (codes) are left; approving in spite of them takes a person who names them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(f"open problems: {', '.join(problems)}")
        self.problems = tuple(problems)
