"""A judgement: what a mail is judged with, and what comes of it. The judging itself is in `judge`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rules.model import Context, Earlier, Message, Person, Verdict
from worker.crash_points import reach
from worker.models import LinkedBy, Mail
from worker.replies.compose import ComposedReply
from worker.services.cases import Case, CaseAsked
from worker.services.continuing import Settled
from worker.services.find_case import Double, doubles_of
from worker.services.looks import Looks
from worker.services.storable import JsonText
from worker.services.thinking import Thinking


@dataclass(slots=True)
class Reading:
    """A mail read once: the message, and what the rules say of it by itself as soon as that was asked for."""

    message: Message
    alone: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The verdict on a mail, the case it belongs to (None: its own) and the case as it stood for the rules.

    `staff` is why nothing may follow by machine, `suspects` the conversation that a stranger's mail points at.
    """

    verdict: Verdict
    case: Case | None = None
    linked_by: LinkedBy = LinkedBy.OPENED
    earlier: Earlier | None = None
    staff: str = ""
    suspects: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A mail thought through. `found.verdict` is what the rules said, `settled` what may be done of it, `dump` what
    the ledger keeps (`stored`: its text), `reply` what would be sent, `doubles` the new people who have a request
    already.

    What the judgement rests on is in `looks`.
    """

    message: Message
    found: Found
    settled: Settled
    doubles: tuple[Double, ...]
    dump: dict[str, Any]
    stored: JsonText
    reply: ComposedReply | None
    looks: Looks


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one mail is judged with."""

    mail: Mail
    reading: Reading
    thinking: Thinking
    context: Context
    looks: Looks

    @property
    def message(self) -> Message:
        """The mail as it was read."""
        return self.reading.message

    def decide(self, earlier: Earlier | None = None) -> Verdict:
        """The rules' verdict, in the light of `earlier`."""
        if earlier:
            return self.thinking.decide(self.message, self.thinking.catalogue, replace(self.context, earlier=earlier))
        if self.reading.alone is None:
            self.reading.alone = self.thinking.decide(self.message, self.thinking.catalogue, self.context)
        return self.reading.alone

    def case(self, conversation: int) -> Case:
        """The conversation as it stands."""
        return self.looks.ask(CaseAsked(conversation, self.context.clerks))

    def doubles(self, people: Sequence[Person], besides: Sequence[int] = ()) -> tuple[Double, ...]:
        """Requests that the ledger has of `people` (find_case.DoublesAsked)."""
        if self.looks.supposed is not None:
            self.looks.supposed.strangers(people)
            return ()
        return self.looks.ask(doubles_of(self.mail, people, besides))


@dataclass(frozen=True, slots=True)
class Considered:
    """A mail of which is known what it means, and not yet how that is to be said."""

    sitting: Sitting
    found: Found
    settled: Settled
    doubles: tuple[Double, ...]


def read(mail: Mail, thinking: Thinking) -> Reading:
    """Whatever the parser raises passes through."""
    raw = mail.raw
    if __debug__:
        reach("decide.parsing")
    return Reading(thinking.parse(raw))
