"""Budgets: the second barrier against loops, counted in the database whatever the mails' headers say.

Over a budget no reply is written and the mail goes to staff with the reason. The breaker over all replies is in
`deliver`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from worker.models import Reply
from worker.services.cases import ANSWERS, GONE
from worker.services.verdicts import FIELDS

PERIOD = timedelta(days=7)  # RFC 3834 §2: the same answer to the same person at most once in several days
SAME_ANSWER = 1
SAME_SENDER = 3
SAME_THREAD = 2  # the first answer, and one more to a person's correction
SAME_LETTER = 5  # word for word to whomever of a domain: a machine that writes to us under ever new addresses
SAME_DOMAIN_AN_HOUR = 60  # a county's whole administration may share a domain
SAME_DOMAIN_A_DAY = 150
FREEMAIL = frozenset(
    {"gmail.com", "freemail.hu", "citromail.hu", "outlook.com", "hotmail.com", "yahoo.com", "t-online.hu", "upcmail.hu"}
)


@dataclass(frozen=True, slots=True)
class PlannedReply:
    """A reply about to be written. `asked` is what it asks for, `sender` the address it answers (lower case).

    `thread` are the Message-IDs that the answered mail names, `conversation` the one that it belongs to, if it is not
    the first of it; `text` is the reply's.
    """

    sender: str
    kind: str
    asked: Any
    thread: Sequence[str]
    conversation: int | None = None
    text: str = ""


def find_exceeded(planned: PlannedReply) -> str:
    """The name of the first budget that `planned` would exceed; "" where it may be written."""
    mine = _answers().filter(created_at__gt=Now() - PERIOD, mail__sender=planned.sender)
    earlier = list(mine.select_related("mail").order_by("-pk")[: SAME_SENDER + 1])
    if len(earlier) >= SAME_SENDER:
        return "sender"
    same = [reply for reply in earlier if reply.kind == planned.kind and asked_for(reply.mail.verdict) == planned.asked]
    if len(same) >= SAME_ANSWER:
        return "same_answer"
    if max(_count_thread(planned.thread), _count_conversation(planned.conversation)) >= SAME_THREAD:
        return "thread"
    return _exceeded_by_domain(planned)


def asked_for(verdict: Any) -> Any:
    """What a stored verdict says to whom: [[values, problems], …]; two equal ones make the same reply.

    Another wrong number makes another reply: whoever tries again is no machine that answers ours.
    """
    people = verdict.get("people", []) if isinstance(verdict, dict) else []
    return [[*(_word(person.get(name)) for name in FIELDS), sorted(person.get("problems", []))] for person in people]


def _word(value: Any) -> str:
    return str(value.get("value", "")) if isinstance(value, dict) else str(value or "")


def _answers() -> QuerySet[Reply]:
    """The worker's own answers that went out, may have, or still will; reminders and the like answer no mail."""
    return Reply.objects.filter(author__isnull=True, kind__in=ANSWERS).exclude(state__in=GONE)


def _count_thread(ids: Sequence[str]) -> int:
    """How many of our replies belong to the thread whose Message-IDs are `ids`."""
    if not ids:
        return 0
    ours = Q(message_id__in=ids) | Q(mail__message_id__in=ids)
    return _answers().filter(ours).count()


def _count_conversation(conversation: int | None) -> int:
    """How many of our replies the conversation has, whatever its mails call each other."""
    return _answers().filter(mail__conversation=conversation).count() if conversation is not None else 0


def _exceeded_by_domain(planned: PlannedReply) -> str:
    domain = planned.sender.rpartition("@")[2]
    if not domain or domain in FREEMAIL:
        return ""
    mine = _answers().filter(mail__sender__endswith=f"@{domain}")
    if planned.text and mine.filter(created_at__gt=Now() - PERIOD, text=planned.text).count() >= SAME_LETTER:
        return "same_letter"
    busy = (
        mine.filter(created_at__gt=Now() - timedelta(hours=1)).count() >= SAME_DOMAIN_AN_HOUR
        or mine.filter(created_at__gt=Now() - timedelta(days=1)).count() >= SAME_DOMAIN_A_DAY
    )
    return "domain" if busy else ""
