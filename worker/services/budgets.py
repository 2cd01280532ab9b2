"""Budgets: the second barrier against loops, counted in the database whatever the mails' headers say.

Over a budget no reply is written and the mail goes to staff with the reason. The breaker over all replies is in
`deliver`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Now

from rules.model import ReplyKind
from worker.models import UNSENT, Mail, Reply
from worker.services.cases import ANSWERS, GONE
from worker.services.verdicts import FIELDS

PERIOD = timedelta(days=7)  # RFC 3834 §2: the same answer to the same person at most once in several days
SAME_ANSWER = 1
SAME_SENDER = 3
SAME_THREAD = 2  # the first answer, and one more to a person's correction
SAME_LETTER = 10  # word for word, whomever of a domain it greets: a machine that writes under ever new addresses
SAME_DOMAIN_AN_HOUR = 60  # a county's whole administration may share a domain
SAME_DOMAIN_A_DAY = 150
FREEMAIL = frozenset(
    {"gmail.com", "freemail.hu", "citromail.hu", "outlook.com", "hotmail.com", "yahoo.com", "t-online.hu", "upcmail.hu"}
)


@dataclass(frozen=True, slots=True)
class PlannedReply:
    """A reply about to be written. `asked` is what it asks for, `sender` the address it answers (lower case).

    `thread` are the Message-IDs that the answered mail names, `conversation` the one that it belongs to, if it is not
    the first of it; `text` is the reply's. `replaces`: what we ask in the conversation and has not left is discarded
    when this one is written.
    """

    sender: str
    kind: str
    asked: Any
    thread: Sequence[str]
    conversation: int | None = None
    text: str = ""
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class _Letter:
    """An answer of ours that went out, may have, or still will; reminders and the like answer no mail.

    `names` are its Message-ID and that of the mail it answers; `lately`: within PERIOD; `waits`: nobody has it yet.
    """

    mail: int
    kind: str
    sender: str
    names: frozenset[str]
    conversation: int | None
    lately: bool
    waits: bool
    text: str = ""
    asked: Any = None


class Purse:
    """What the letters of late leave of the budgets, for all the replies of a group; follows what is written of it."""

    def __init__(self, planned: Iterable[PlannedReply]) -> None:
        """Three statements at most, whatever the number of replies."""
        wanted = list(planned)
        self._letters = _load_letters(wanted) if wanted else []
        self._spent: list[_Letter] = []
        self._asked = _load_asked(self._same_kind(wanted))
        self._domains = _count_domains({domain_of(one.sender) for one in wanted} - FREEMAIL - {""})

    def exceeded(self, planned: PlannedReply) -> str:
        """The name of the first budget that `planned` would exceed; "" where it may be written."""
        letters = [one for one in self._letters if not _is_replaced(one, planned)]
        mine = [one for one in letters if one.lately and one.sender == planned.sender]
        if len(mine) >= SAME_SENDER:
            return "sender"
        same = [one for one in mine if one.kind == planned.kind and self._asked_by(one) == planned.asked]
        if len(same) >= SAME_ANSWER:
            return "same_answer"
        of_thread = sum(not one.names.isdisjoint(planned.thread) for one in letters)
        of_case = sum(one.conversation == planned.conversation is not None for one in letters)
        if max(of_thread, of_case) >= SAME_THREAD:
            return "thread"
        return self._exceeded_by_domain(planned)

    def spend(self, planned: PlannedReply, reply: Reply) -> None:
        """It is being written as `reply`; what it replaces is discarded."""
        letter = _Letter(
            mail=reply.mail_id,
            kind=planned.kind,
            sender=planned.sender,
            names=frozenset({reply.message_id, reply.mail.message_id}),
            conversation=planned.conversation,
            lately=True,
            waits=reply.state in UNSENT and planned.kind == ReplyKind.MISSING,
            text=planned.text,
            asked=planned.asked,
        )
        self._letters.append(letter)
        self._spent.append(letter)

    def discard(self, conversation: int) -> None:
        """What the worker asks in this conversation and nobody has yet will not go out."""
        self._letters = [one for one in self._letters if not (one.waits and one.conversation == conversation)]

    def _same_kind(self, wanted: Iterable[PlannedReply]) -> set[int]:
        """The mails whose verdicts say what was asked for before (keys)."""
        kinds = {(one.sender, one.kind) for one in wanted}
        return {one.mail for one in self._letters if one.lately and (one.sender, one.kind) in kinds}

    def _asked_by(self, letter: _Letter) -> Any:
        return self._asked.get(letter.mail) if letter.asked is None else letter.asked

    def _exceeded_by_domain(self, planned: PlannedReply) -> str:
        domain = domain_of(planned.sender)
        if not domain or domain in FREEMAIL:
            return ""
        spent = [one for one in self._spent if domain_of(one.sender) == domain]
        if self._domains.get(domain, 0) + len(spent) < min(SAME_LETTER, SAME_DOMAIN_AN_HOUR, SAME_DOMAIN_A_DAY):
            return ""
        sent = _count_sent(domain, planned.text)
        if planned.text and sent["same"] + sum(one.text == planned.text for one in spent) >= SAME_LETTER:
            return "same_letter"
        is_full = sent["hour"] + len(spent) >= SAME_DOMAIN_AN_HOUR or sent["day"] + len(spent) >= SAME_DOMAIN_A_DAY
        return "domain" if is_full else ""


def domain_of(address: str) -> str:
    """What follows the last @."""
    return address.rpartition("@")[2]


def asked_for(verdict: Any) -> Any:
    """What a stored verdict says to whom: [[values, problems], …]; two equal ones make the same reply.

    Another wrong number makes another reply: whoever tries again is no machine that answers ours.
    """
    people = verdict.get("people", []) if isinstance(verdict, dict) else []
    return [[*(_word(person.get(name)) for name in FIELDS), sorted(person.get("problems", []))] for person in people]


def _word(value: Any) -> str:
    return str(value.get("value", "")) if isinstance(value, dict) else str(value or "")


def _is_replaced(letter: _Letter, planned: PlannedReply) -> bool:
    return planned.replaces and letter.waits and letter.conversation == planned.conversation


def _answers() -> QuerySet[Reply]:
    return Reply.objects.filter(author__isnull=True, kind__in=ANSWERS).exclude(state__in=GONE)


def _load_letters(wanted: Sequence[PlannedReply]) -> list[_Letter]:
    """Those to these senders of late, and all of these threads and conversations.

    Each of them is found by an index of its own, hence three parts of one statement.
    """
    names = {name for one in wanted for name in one.thread}
    conversations = {one.conversation for one in wanted if one.conversation is not None}
    waits = Q(state__in=UNSENT, lease_token__isnull=True, kind=ReplyKind.MISSING.value)
    lately = Q(created_at__gt=Now() - PERIOD)
    columns = ("kind", "mail__sender", "message_id", "mail__message_id", "mail__conversation")
    rows = _answers().annotate(
        lately=ExpressionWrapper(lately, BooleanField()), waits=ExpressionWrapper(waits, BooleanField())
    )
    found = rows.values_list("pk", "mail", *columns, "lately", "waits")
    parts = [found.filter(lately, mail__sender__in={one.sender for one in wanted})]
    if names:
        parts.append(found.filter(message_id__in=names))
    if names or conversations:
        parts.append(found.filter(Q(mail__message_id__in=names) | Q(mail__conversation__in=conversations)))
    return [
        _Letter(mail, kind, sender, frozenset({mine, its}), conversation, bool(is_late), bool(is_waiting))
        for _, mail, kind, sender, mine, its, conversation, is_late, is_waiting in parts[0].union(*parts[1:])
    ]


def _load_asked(mails: Collection[int]) -> dict[int, Any]:
    """What the answers to these mails asked for."""
    rows = Mail.objects.filter(pk__in=mails).values_list("pk", "verdict__people") if mails else ()
    return {key: asked_for({"people": people or []}) for key, people in rows}


def _count_domains(domains: Collection[str]) -> dict[str, int]:
    if not domains:
        return {}
    rows = _answers().filter(created_at__gt=Now() - PERIOD, mail__domain__in=domains)
    return dict(rows.values_list("mail__domain").annotate(number=Count("pk")))


def _count_sent(domain: str, text: str) -> dict[str, int]:
    """How many answers went to the domain of late: with the same words, in an hour, in a day."""
    return (
        _answers()
        .filter(mail__domain=domain, created_at__gt=Now() - PERIOD)
        .aggregate(
            same=Count("pk", filter=Q(text=text)),
            hour=Count("pk", filter=Q(created_at__gt=Now() - timedelta(hours=1))),
            day=Count("pk", filter=Q(created_at__gt=Now() - timedelta(days=1))),
        )
    )
