"""Record newcomers: what `record` writes for one mail, for many at once that rest on nothing but suppositions.

Part of the same transaction and with the same result. Which mails they may be, and why, is in `newcomers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from registry.models import Registration
from rules.model import Kind
from worker.models import Conversation, Event, Mail, MailState, Reply
from worker.services.bounces import link_bounce
from worker.services.controls import restored_at
from worker.services.judged_rows import (
    VERDICT,
    decided_event,
    reply_row,
    request_row,
    sender_of,
    verdict_columns,
    why_unwritten,
    written_event,
)
from worker.services.judgement import Judged
from worker.services.newcomers import Known, Purse
from worker.services.replying import Voice


@dataclass(frozen=True, slots=True)
class _Newcomer:
    """A mail that is written now."""

    mail: Mail
    judged: Judged
    withheld: str

    @property
    def is_answered(self) -> bool:
        return self.judged.reply is not None and not self.withheld


def record_newcomers(judged: Sequence[tuple[Mail, Judged]], token: UUID, voice: Voice) -> tuple[list[Mail], list[Mail]]:
    """Write those of `judged` that may be written so; returns these, and those whose supposition is wrong.

    The others are for `record_verdict`. Must run in a transaction in which `take_turn` was called; a mail whose claim
    was lost is written no more, and counts as written.
    """
    fitting = [(mail, one) for mail, one in judged if _fits(mail, one)]
    known = Known([one.looks.supposed for _, one in fitting if one.looks.supposed], [mail for mail, _ in fitting])
    purse = Purse(sender_of(one) for _, one in fitting if one.reply is not None)
    held = set(
        Mail.objects.select_for_update()
        .filter(pk__in=[mail.pk for mail, _ in fitting], lease_token=token, state=MailState.STORED)
        .values_list("pk", flat=True)
    )
    chosen: list[_Newcomer] = []
    done: list[Mail] = []
    wrong: list[Mail] = []
    for mail, one in fitting:
        assert one.looks.supposed is not None
        if known.contradicts(one.looks.supposed):
            wrong.append(mail)
            continue
        sender, withheld = sender_of(one), why_unwritten(mail, one, voice)
        answers = one.reply is not None and not withheld
        if not known.is_untouched(mail) or (answers and not purse.is_full(sender)):
            continue
        known.add(one.looks.supposed, sender)
        if answers:
            purse.spend(sender)
        done.append(mail)
        if mail.pk in held:
            chosen.append(_Newcomer(mail, one, withheld))
    _write(chosen, token, voice)
    return done, wrong


def _fits(mail: Mail, judged: Judged) -> bool:
    """Whether nothing but suppositions stands behind it: no case, no thread, no earlier copy, no word of staff."""
    found = judged.found
    names_others = bool(judged.message.references or judged.message.in_reply_to)
    return (
        judged.looks.is_newcomers
        and not (mail.twin_of_id or mail.linked_by or mail.conversation_id)
        and not (found.case or found.staff or found.suspects or found.linked_by != "opened")
        and not (names_others and judged.reply is not None)  # the thread's budget is to be asked for
    )


def _write(chosen: Sequence[_Newcomer], token: UUID, voice: Voice) -> None:
    if not chosen:
        return
    conversing = [one for one in chosen if one.judged.found.verdict.kind is not Kind.AUTOMATIC]
    opened = Conversation.objects.bulk_create(Conversation() for _ in conversing)
    conversations = {one.mail.pk: row for one, row in zip(conversing, opened, strict=True)}
    VERDICT.run_each(_columns(one, token, conversations.get(one.mail.pk), voice) for one in chosen)
    Event.objects.bulk_create(decided_event(one.mail, one.judged, one.withheld) for one in chosen)
    Registration.objects.bulk_create(request for one in chosen for request in _requests(one))
    _write_replies([one for one in chosen if one.is_answered], voice)
    for one in chosen:
        if one.judged.found.verdict.kind is Kind.AUTOMATIC:
            link_bounce(one.mail, one.judged.message)


def _columns(one: _Newcomer, token: UUID, conversation: Conversation | None, voice: Voice) -> dict[str, Any]:
    return {
        "pk": one.mail.pk,
        "lease_token": token,
        "conversation": conversation.pk if conversation else None,
        "linked_by": one.judged.found.linked_by if conversation else "",
        **verdict_columns(one.mail, one.judged, one.withheld, voice),
    }


def _requests(one: _Newcomer) -> Iterator[Registration]:
    verdict, dumped = one.judged.settled.verdict, one.judged.dump.get("people", [])
    for place, person in enumerate(verdict.people):
        yield request_row(one.mail, place, person, verdict, dumped[place] if place < len(dumped) else {})


def _write_replies(answered: Sequence[_Newcomer], voice: Voice) -> None:
    restored = restored_at()
    replies = Reply.objects.bulk_create(reply_row(one.mail, one.judged, voice, restored) for one in answered)
    Event.objects.bulk_create(written_event(one.mail, reply) for one, reply in zip(answered, replies, strict=True))
