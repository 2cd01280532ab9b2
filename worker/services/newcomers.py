"""Newcomers: most mails are by people of whom the ledger knows nothing yet.

A judgement may suppose so instead of asking. When its group is written, a few queries over all of the group's keys
prove each supposition right or wrong; a mail whose supposition is wrong is judged again, by questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rules.model import Person
from worker.services.find_case import RequestKeys, keys_of, of_open_cases
from worker.services.looks import Key


@dataclass(slots=True)
class Supposed:
    """What a judgement took for granted: no known request under `emails` and `identities`,
    no open case of `senders`."""

    emails: set[str] = field(default_factory=set)
    identities: set[str] = field(default_factory=set)
    senders: set[str] = field(default_factory=set)

    def strangers(self, people: Iterable[Person]) -> None:
        """Suppose that nobody of `people` has a request."""
        keys = keys_of(people)
        self.emails |= keys.emails
        self.identities |= keys.identities

    def newcomer(self, sender: str) -> None:
        """Suppose that the writer has no open case."""
        if sender:
            self.senders.add(sender)

    @property
    def keys(self) -> set[Key]:
        """What must be unknown."""
        senders = (("sender", one) for one in self.senders)
        return {*RequestKeys(frozenset(self.emails), frozenset(self.identities)).keys, *senders}

    @classmethod
    def known_of(cls, several: Iterable[Supposed]) -> set[Key]:
        """Of the keys of `several` those that the ledger knows. Two statements at most."""
        told = list(several)
        keys = RequestKeys.of_all(RequestKeys(frozenset(one.emails), frozenset(one.identities)) for one in told)
        known: set[Key] = set()
        for email, identity in keys.find().values_list("email", "identity") if keys else ():
            known |= {("email", email), ("email", email.lower()), ("identity", identity)}
        senders = set[str]().union(*(one.senders for one in told))
        if senders:
            known |= {("sender", one) for one in of_open_cases(senders).values_list("sender", flat=True).distinct()}
        return known
