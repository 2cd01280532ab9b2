"""Cases: a conversation as the ledger holds it, what of it a judgement may rely on, and whom it trusts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registry.models import Registration, RegistrationStatus
from rules.model import Kind, Message, Problem
from worker.models import UNSENT, Event, Mail, Reply, ReplyState
from worker.services.looks import Key, Question

ANSWERS = ("missing", "password")  # the kinds of the worker's own letters that answer a mail
OPEN = (RegistrationStatus.READY, RegistrationStatus.INCOMPLETE, RegistrationStatus.REVIEW)
CONTINUABLE = (*OPEN, RegistrationStatus.APPROVED)
BY_HAND = ("sent_to_review", "opened", "taken_back")  # a person gave the status `review`
MOST_MAILS = 10  # of a case whose headers are read again for who was copied
GONE = (ReplyState.FAILED, ReplyState.DISCARDED)


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation as it stands; two are equal where nothing happened in between.

    `rows` are its requests but those taken back, oldest first. `answers` counts the worker's own answers that went out
    or still may; `staffed`: the last letter but for notices is a person's. `trusted` are the addresses (lower case)
    that may speak in it: whoever wrote its mails, whom our letters went to, the people themselves and their jegyző;
    `writers` those that its mails came from, machines' among them.
    """

    conversation: int
    rows: tuple[Registration, ...] = field(compare=False)
    versions: tuple[tuple[int, int], ...]
    answers: int
    unsent: int
    staffed: bool
    trusted: frozenset[str]
    writers: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def waits(self) -> bool:
        """Whether somebody's request waits for an answer."""
        return any(row.status == RegistrationStatus.INCOMPLETE for row in self.rows)

    @property
    def is_open(self) -> bool:
        """Whether somebody's request is not decided by staff yet."""
        return any(row.status in OPEN for row in self.rows)


@dataclass(frozen=True)
class CaseAsked(Question[Case]):
    """How a conversation stands; `clerks` are the known jegyzők by municipality."""

    conversation: int
    clerks: Mapping[str, frozenset[str]] = field(compare=False, repr=False)

    @classmethod
    def answer_all(cls, questions: Sequence[CaseAsked]) -> list[Case]:
        """Three statements."""
        wanted = [one.conversation for one in questions]
        rows, letters, writers = _rows(wanted), _letters(wanted), _writers(wanted)
        return [
            _make_case(one, tuple(rows[one.conversation]), letters[one.conversation], writers[one.conversation])
            for one in questions
        ]

    @property
    def keys(self) -> Iterable[Key]:
        """Whatever is written of the conversation."""
        return [("conversation", self.conversation)]


@dataclass(frozen=True)
class MovedByHandAsked(Question[frozenset[int]]):
    """Which of these requests wait for a person because a person said so (primary keys)."""

    requests: tuple[int, ...]

    @classmethod
    def answer_all(cls, questions: Sequence[MovedByHandAsked]) -> list[frozenset[int]]:
        """One statement."""
        keys = {key for one in questions for key in one.requests}
        events = Event.objects.filter(registration__in=keys, verb__in=BY_HAND) if keys else Event.objects.none()
        moved = set(events.values_list("registration", flat=True))
        return [frozenset(moved.intersection(one.requests)) for one in questions]

    @property
    def keys(self) -> Iterable[Key]:
        """Only people do that."""
        return ()


def load_case(conversation: int, clerks: Mapping[str, frozenset[str]]) -> Case:
    """The conversation with this key; `clerks` are the known jegyzők by municipality."""
    [case] = CaseAsked.answer_all([CaseAsked(conversation, clerks)])
    return case


def moved_by_hand(rows: Iterable[Registration]) -> MovedByHandAsked:
    """Asks which of `rows` a person moved to those that wait for one."""
    return MovedByHandAsked(tuple(row.pk for row in rows if row.status == RegistrationStatus.REVIEW))


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


@dataclass(frozen=True, slots=True)
class _Letter:
    state: str
    author: int | None
    kind: str
    recipients: list[Any]


def _rows(conversations: Sequence[int]) -> defaultdict[int, list[Registration]]:
    rows = Registration.objects.filter(mail__conversation__in=conversations)
    rows = rows.exclude(status=RegistrationStatus.WITHDRAWN).select_related("mail").defer("mail__trace")
    found: defaultdict[int, list[Registration]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.mail.conversation_id or 0].append(row)
    return found


def _letters(conversations: Sequence[int]) -> defaultdict[int, list[_Letter]]:
    """Those that went out or still may."""
    rows = Reply.objects.filter(mail__conversation__in=conversations).exclude(state__in=GONE).order_by("pk")
    found: defaultdict[int, list[_Letter]] = defaultdict(list)
    for conversation, *columns in rows.values_list("mail__conversation", "state", "author", "kind", "recipients"):
        found[conversation].append(_Letter(*columns))
    return found


def _writers(conversations: Sequence[int]) -> defaultdict[int, list[tuple[str, str]]]:
    """The sender of each mail, and its kind."""
    mails = Mail.objects.filter(conversation__in=conversations)
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for conversation, sender, kind in mails.values_list("conversation", "sender", "kind"):
        found[conversation].append((sender, kind))
    return found


def _make_case(
    asked: CaseAsked, rows: tuple[Registration, ...], letters: list[_Letter], writers: list[tuple[str, str]]
) -> Case:
    answers = [letter for letter in letters if letter.author is None and letter.kind in ANSWERS]
    asking = [letter for letter in letters if letter.author is not None or letter.kind in ANSWERS]
    people = {sender for sender, kind in writers if kind != Kind.AUTOMATIC.value}
    return Case(
        conversation=asked.conversation,
        rows=rows,
        versions=tuple((row.pk, row.version) for row in rows),
        answers=len(answers),
        unsent=sum(letter.state in UNSENT for letter in answers),
        staffed=bool(asking) and asking[-1].author is not None,
        trusted=frozenset(people.union(_trusted(rows, letters, asked.clerks))) - {""},
        writers=frozenset(sender for sender, _ in writers),
    )


def _trusted(
    rows: Iterable[Registration], letters: Iterable[_Letter], clerks: Mapping[str, frozenset[str]]
) -> Iterable[str]:
    for letter in letters:
        yield from (str(address).lower() for address in letter.recipients)
    for row in rows:
        if Problem.EMAIL_INVALID not in row.problems:
            yield row.email.lower()
        yield row.jegyzo_address.lower()
        yield from clerks.get(row.municipality, ())
