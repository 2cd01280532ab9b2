"""Find the thread: the conversation that a mail points at by what it answers. Questions only."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from rules.model import Kind, Message
from worker.models import LinkedBy, Mail, Reply
from worker.services.looks import Key, Question
from worker.services.replying import TOKEN_LENGTH

TOKEN = re.compile(r"\[ASPO-([A-Z2-7]{10})\]", re.IGNORECASE)
MARKED = "<aspo."  # how our Message-IDs begin; then the mark, of whose beginning the subject's is made
MOST_IDS = 100
MOST_TOKENS = 5


@dataclass(frozen=True, slots=True)
class Thread:
    """The conversation that a mail says it belongs to; `ours`: it names a letter of ours, which not everybody has."""

    conversation: int
    linked_by: LinkedBy
    ours: bool = False


def points_somewhere(message: Message) -> bool:
    """Whether the mail names another one at all; most do not."""
    return bool(message.in_reply_to or message.references or TOKEN.search(message.subject))


@dataclass(frozen=True)
class ThreadAsked(Question[Thread | None]):
    """Which conversation a mail (`mail`: its key) points at: by our letters' Message-IDs, by the marks of a subject, by
    other mails' Message-IDs."""

    mail: int
    ids: tuple[str, ...]
    tokens: tuple[str, ...]

    @classmethod
    def answer_all(cls, questions: Sequence[ThreadAsked]) -> list[Thread | None]:
        """One statement for each way of pointing, where it is needed."""
        found: dict[ThreadAsked, Thread] = {}
        for way in (_by_letter, _by_token, _by_mail):
            found |= way([one for one in questions if one not in found])
        return [found.get(one) for one in questions]

    @property
    def keys(self) -> Iterable[Key]:
        """Letters and mails of these names."""
        ids = (("id", name) for one in self.ids for name in (one, one.lower()))
        return itertools.chain(ids, (("token", token) for token in self.tokens))


def thread_of(mail: Mail, message: Message) -> ThreadAsked:
    """Asks which conversation `message` points at."""
    ids = list(dict.fromkeys([*message.in_reply_to, *reversed(message.references)]))[:MOST_IDS]
    tokens = TOKEN.findall(message.subject)[:MOST_TOKENS]
    return ThreadAsked(mail.pk, tuple(ids), tuple(token.lower() for token in tokens))


def keys_of_letter(message_id: str) -> Iterable[Key]:
    """What a letter of ours is pointed at by."""
    return [("id", message_id), ("token", message_id.removeprefix(MARKED)[:TOKEN_LENGTH])]


def _by_letter(questions: Sequence[ThreadAsked]) -> dict[ThreadAsked, Thread]:
    # ours are in small letters, whatever a ticket system makes of them
    wanted = {name for asked in questions for one in asked.ids for name in (one, one.lower())}
    if not wanted:
        return {}
    rows = Reply.objects.filter(message_id__in=wanted, mail__conversation__isnull=False)
    found = {key.lower(): conversation for key, conversation in rows.values_list("message_id", "mail__conversation")}
    first = {
        asked: next((found[one.lower()] for one in asked.ids if one.lower() in found), None) for asked in questions
    }
    return {asked: Thread(key, LinkedBy.REPLY, ours=True) for asked, key in first.items() if key is not None}


def _by_token(questions: Sequence[ThreadAsked]) -> dict[ThreadAsked, Thread]:
    """A mark is proved by the letter that bears it: nobody can make one up."""
    marks = {f"{MARKED}{token}" for asked in questions for token in asked.tokens}
    if not marks:
        return {}
    bears = reduce(or_, (Q(message_id__startswith=mark) for mark in sorted(marks)))
    rows = Reply.objects.filter(bears, mail__conversation__isnull=False).order_by("-pk")
    found = {key[: len(MARKED) + TOKEN_LENGTH]: at for key, at in rows.values_list("message_id", "mail__conversation")}
    first = {
        asked: next((found[MARKED + one] for one in asked.tokens if MARKED + one in found), None) for asked in questions
    }
    return {asked: Thread(key, LinkedBy.TOKEN, ours=True) for asked, key in first.items() if key is not None}


def _by_mail(questions: Sequence[ThreadAsked]) -> dict[ThreadAsked, Thread]:
    wanted = {one for asked in questions for one in asked.ids}
    if not wanted:
        return {}
    mails = Mail.objects.filter(message_id__in=wanted, conversation__isnull=False)
    mails = mails.exclude(kind=Kind.AUTOMATIC.value).order_by("-pk")
    rows = list(mails.values_list("pk", "message_id", "conversation"))
    found: dict[ThreadAsked, Thread] = {}
    for asked in questions:
        places = {name: at for key, name, at in rows if key != asked.mail and at is not None}
        first = next((places[one] for one in asked.ids if one in places), None)
        if first is not None:
            found[asked] = Thread(first, LinkedBy.REPLY)
    return found
