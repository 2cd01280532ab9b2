"""What every step of reading an answer looks at: the mail, the case it answers, the world."""

from __future__ import annotations

from dataclasses import dataclass

from rules.model import Context, Earlier, Message, Problem
from rules.reading.request import Request
from rules.reading.spots import Scanner


@dataclass(frozen=True, slots=True)
class Thread:
    """An answer beside its case; `request` is the mail as it is read without one."""

    message: Message
    case: Earlier
    request: Request
    context: Context
    scanner: Scanner

    @property
    def asked(self) -> frozenset[Problem]:
        """Every problem that our letter named."""
        return frozenset(problem for person in self.case.people for problem in person.problems)

    @property
    def names(self) -> list[str]:
        """The names of the case's people, "" where unknown."""
        return [person.full_name.value if person.full_name else "" for person in self.case.people]
