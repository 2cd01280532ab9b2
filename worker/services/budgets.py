"""Budgets: the second barrier against loops, counted in the database whatever the mails' headers say.

Over a budget no reply is written and the mail goes to staff with the reason. The breaker over all replies is in
`deliver`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from rules.model import ReplyKind
from worker.models import UNSENT, Reply
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


def find_exceeded(planned: PlannedReply) -> str:
    """The name of the first budget that `planned` would exceed; "" where it may be written."""
    answers = _answers(planned)
    mine = answers.filter(created_at__gt=Now() - PERIOD, mail__sender=planned.sender)
    needed = mine.select_related("mail").only("kind", "mail__verdict")
    earlier = list(needed.order_by("-pk")[: SAME_SENDER + 1])
    if len(earlier) >= SAME_SENDER:
        return "sender"
    same = [reply for reply in earlier if reply.kind == planned.kind and asked_for(reply.mail.verdict) == planned.asked]
    if len(same) >= SAME_ANSWER:
        return "same_answer"
    if max(_count_thread(answers, planned), _count_conversation(answers, planned)) >= SAME_THREAD:
        return "thread"
    return _exceeded_by_domain(answers, planned)


def asked_for(verdict: Any) -> Any:
    """What a stored verdict says to whom: [[values, problems], …]; two equal ones make the same reply.

    Another wrong number makes another reply: whoever tries again is no machine that answers ours.
    """
    people = verdict.get("people", []) if isinstance(verdict, dict) else []
    return [[*(_word(person.get(name)) for name in FIELDS), sorted(person.get("problems", []))] for person in people]


def _word(value: Any) -> str:
    return str(value.get("value", "")) if isinstance(value, dict) else str(value or "")


def _answers(planned: PlannedReply) -> QuerySet[Reply]:
    """The worker's own answers that went out, may have, or still will; reminders and the like answer no mail."""
    rows = Reply.objects.filter(author__isnull=True, kind__in=ANSWERS).exclude(state__in=GONE)
    if not planned.replaces:
        return rows
    waiting = Q(state__in=UNSENT, lease_token__isnull=True, kind=ReplyKind.MISSING.value)
    return rows.exclude(waiting & Q(mail__conversation=planned.conversation))


def _count_thread(answers: QuerySet[Reply], planned: PlannedReply) -> int:
    """How many of our replies belong to the thread whose Message-IDs the mail names."""
    if not planned.thread:
        return 0
    ours = Q(message_id__in=planned.thread) | Q(mail__message_id__in=planned.thread)
    return answers.filter(ours).count()


def _count_conversation(answers: QuerySet[Reply], planned: PlannedReply) -> int:
    """How many of our replies the conversation has, whatever its mails call each other."""
    if planned.conversation is None:
        return 0
    return answers.filter(mail__conversation=planned.conversation).count()


def _exceeded_by_domain(answers: QuerySet[Reply], planned: PlannedReply) -> str:
    domain = planned.sender.rpartition("@")[2]
    if not domain or domain in FREEMAIL:
        return ""
    mine = answers.filter(mail__domain=domain, created_at__gt=Now() - PERIOD)
    sent = mine.aggregate(
        same=Count("pk", filter=Q(text=planned.text)),
        hour=Count("pk", filter=Q(created_at__gt=Now() - timedelta(hours=1))),
        day=Count("pk", filter=Q(created_at__gt=Now() - timedelta(days=1))),
    )
    if planned.text and sent["same"] >= SAME_LETTER:
        return "same_letter"
    return "domain" if sent["hour"] >= SAME_DOMAIN_AN_HOUR or sent["day"] >= SAME_DOMAIN_A_DAY else ""
