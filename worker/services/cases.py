"""Cases: a conversation as the ledger holds it, what of it a judgement may rely on, and whom it trusts.

A mail is judged outside of any transaction. Whatever the judgement saw of the ledger it asks through `Looks`; when it
is written, the same questions are asked again, and a mail whose answers changed is judged anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from registry.models import Registration, RegistrationStatus
from rules.model import Kind, Message, Problem
from worker.models import UNSENT, Event, Mail, Reply, ReplyState

if TYPE_CHECKING:
    from worker.services.newcomers import Supposed

ANSWERS = ("missing", "password")  # the kinds of the worker's own letters that answer a mail
OPEN = (RegistrationStatus.READY, RegistrationStatus.INCOMPLETE, RegistrationStatus.REVIEW)
BY_HAND = ("sent_to_review", "opened", "taken_back")  # a person gave the status `review`
MOST_MAILS = 10  # of a case whose headers are read again for who was copied
GONE = (ReplyState.FAILED, ReplyState.DISCARDED)

T = TypeVar("T")


class Looks:
    """What one judgement saw of the ledger, and what it took for granted where it was allowed to."""

    def __init__(self, supposed: Supposed | None = None) -> None:
        """With `supposed` it is for newcomers: most questions need not be asked (worker.services.newcomers)."""
        self.supposed = supposed
        self._asked: list[tuple[Callable[[], object], object]] = []

    def ask(self, question: Callable[[], T]) -> T:
        """The answer to `question` (a value that can be compared), remembered."""
        answer = question()
        self._asked.append((question, answer))
        return answer

    def still_hold(self) -> bool:
        """Whether every question has the same answer now."""
        if self.supposed is not None and not self.supposed.still_holds():
            return False
        return all(question() == answer for question, answer in self._asked)

    @property
    def is_newcomers(self) -> bool:
        """Whether nothing was asked: it all rests on what was supposed."""
        return self.supposed is not None and not self._asked


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation as it stands; two are equal where nothing happened in between.

    `rows` are its requests but those taken back, oldest first. `answers` counts the worker's own answers that went out
    or still may; `staffed`: the last letter but for notices is a person's. `trusted` are the addresses (lower case)
    that may speak in it: whoever wrote its mails, whom our letters went to, the people themselves and their jegyző.
    """

    conversation: int
    rows: tuple[Registration, ...] = field(compare=False)
    versions: tuple[tuple[int, int], ...]
    answers: int
    unsent: int
    staffed: bool
    trusted: frozenset[str]

    @property
    def waits(self) -> bool:
        """Whether somebody's request waits for an answer."""
        return any(row.status == RegistrationStatus.INCOMPLETE for row in self.rows)

    @property
    def is_open(self) -> bool:
        """Whether somebody's request is not decided by staff yet."""
        return any(row.status in OPEN for row in self.rows)


def load_case(conversation: int, clerks: Mapping[str, frozenset[str]]) -> Case:
    """The conversation with this key; `clerks` are the known jegyzők by municipality."""
    rows = Registration.objects.filter(mail__conversation=conversation).exclude(status=RegistrationStatus.WITHDRAWN)
    people = tuple(rows.select_related("mail").order_by("pk"))
    written = Reply.objects.filter(mail__conversation=conversation).exclude(state__in=GONE).order_by("pk")
    letters = list(written.only("state", "author", "kind", "recipients"))
    answers = [letter for letter in letters if letter.author_id is None and letter.kind in ANSWERS]
    asking = [letter for letter in letters if letter.author_id is not None or letter.kind in ANSWERS]
    return Case(
        conversation=conversation,
        rows=people,
        versions=tuple((row.pk, row.version) for row in people),
        answers=len(answers),
        unsent=sum(letter.state in UNSENT for letter in answers),
        staffed=bool(asking) and asking[-1].author_id is not None,
        trusted=frozenset(_trusted(conversation, people, letters, clerks)) - {""},
    )


def speaks_for(message: Message, case: Case) -> bool:
    """Whether `message` comes from the case's own, and an answer to it would stay among them."""
    addresses = {one.address.lower() for one in (*message.from_[:1], *message.reply_to)}
    return bool(addresses) and addresses <= case.trusted


def with_copied(case: Case, parse: Callable[[bytes], Message]) -> Case:
    """The case, trusting those whom its own mails were copied to as well."""
    mails = Mail.objects.filter(conversation=case.conversation).exclude(kind=Kind.AUTOMATIC.value)
    messages = [parse(mail.raw) for mail in mails.order_by("pk")[:MOST_MAILS]]
    copied = {one.address.lower() for message in messages for one in (*message.to, *message.cc)}
    return replace(case, trusted=case.trusted | copied - {""})


def moved_by_hand(rows: Iterable[Registration]) -> frozenset[int]:
    """Those that wait for a person because a person said so (primary keys)."""
    keys = [row.pk for row in rows if row.status == RegistrationStatus.REVIEW]
    if not keys:
        return frozenset()
    events = Event.objects.filter(registration__in=keys, verb__in=BY_HAND)
    return frozenset(key for key in events.values_list("registration", flat=True) if key is not None)


def _trusted(
    conversation: int, rows: Iterable[Registration], letters: Iterable[Reply], clerks: Mapping[str, frozenset[str]]
) -> Iterable[str]:
    mails = Mail.objects.filter(conversation=conversation).exclude(kind=Kind.AUTOMATIC.value)
    yield from mails.values_list("sender", flat=True)
    for letter in letters:
        yield from (str(address).lower() for address in letter.recipients)
    for row in rows:
        if Problem.EMAIL_INVALID not in row.problems:
            yield row.email.lower()
        yield row.jegyzo_address.lower()
        yield from clerks.get(row.municipality, ())
