"""Record the rows: what is written of each mail of a group is gathered first, and written kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from registry.models import Registration
from registry.services.complete import Completion, write_completions
from worker.models import Conversation, Event, Mail, Reply
from worker.services.judged_rows import VERDICT, decided_event, verdict_columns, written_event
from worker.services.judgement import Judged
from worker.services.leases import ClaimLost
from worker.services.prepared import PreparedInsert
from worker.services.replying import Voice

CONVERSATIONS, REQUESTS, REPLIES = PreparedInsert(Conversation), PreparedInsert(Registration), PreparedInsert(Reply)
EVENTS = PreparedInsert(Event)  # none is a person's: the log is told of nothing (worker.staff_acts)


@dataclass(slots=True)
class Entry:
    """What is written of one mail. `withheld` is why it gets no `reply` although one is planned, or why a person must
    see it.

    `opened` is the conversation that it begins, else `conversation` the one that it belongs to. `before` led to the
    decision, `after` followed from it.
    """

    mail: Mail
    judged: Judged
    withheld: str
    reply: Reply | None
    opened: Conversation | None = None
    conversation: int | None = None
    linked_by: str = ""
    requests: list[Registration] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)
    before: list[Event] = field(default_factory=list)
    after: list[Event] = field(default_factory=list)

    def columns(self, token: UUID, voice: Voice) -> dict[str, Any]:
        """What VERDICT is given, once the conversation that the mail begins is written."""
        return {
            "pk": self.mail.pk,
            "lease_token": token,
            "conversation": self.opened.pk if self.opened is not None else self.conversation,
            "linked_by": self.linked_by,
            **verdict_columns(self.mail, self.judged, self.withheld, voice),
        }

    @property
    def events(self) -> list[Event]:
        """All of them, in their order."""
        decided = decided_event(self.mail, self.judged, self.withheld)
        written = [written_event(self.mail, self.reply)] if self.reply is not None else []
        return [*self.before, decided, *(one.event for one in self.completions), *self.after, *written]


def write_rows(entries: Sequence[Entry], token: UUID, voice: Voice) -> None:
    """One statement for each kind of row. Raises ClaimLost, ChangeRefusedError; must run in a transaction."""
    if not entries:
        return
    CONVERSATIONS.run(one.opened for one in entries if one.opened is not None)
    if VERDICT.run_each(one.columns(token, voice) for one in entries) != len(entries):
        raise ClaimLost
    completions = [completion for one in entries for completion in one.completions]
    if completions:
        write_completions(completions)
    REQUESTS.run(request for one in entries for request in one.requests)
    REPLIES.run(one.reply for one in entries if one.reply is not None)
    EVENTS.run(event for one in entries for event in one.events)
