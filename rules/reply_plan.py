"""To whom a reply goes, and when none does (policy.md §8)."""

from __future__ import annotations

from dataclasses import replace

from rules.model import Address, Jegyzo, JegyzoStatus, Message, Outcome, Verdict


def answer_to(message: Message) -> tuple[Address, ...]:
    """The sender, or where he wants his answers."""
    return message.reply_to or message.from_[:1]


def copies(message: Message, jegyzo: Jegyzo, *, seen_earlier: bool) -> tuple[Address, ...]:
    """The jegyző stays in copy where one was, in this mail or (`seen_earlier`) in one of the case; nobody else does."""
    if jegyzo.status not in {JegyzoStatus.CONFIRMED, JegyzoStatus.STATED} or not jegyzo.address:
        return ()
    copied = tuple(one for one in (*message.to, *message.cc) if one.address == jegyzo.address)[:1]
    writes = any(one.address == jegyzo.address for one in (*message.from_, *message.reply_to))
    return copied or ((Address(jegyzo.name, jegyzo.address),) if seen_earlier and not writes else ())


def unanswered(verdict: Verdict) -> Verdict:
    """The same verdict without a reply: what would have been answered goes to staff."""
    replies = {Outcome.REPLY_MISSING, Outcome.REPLY_PASSWORD}
    if not verdict.outcomes & replies:
        return verdict
    return replace(verdict, outcomes=frozenset(verdict.outcomes - replies | {Outcome.REVIEW}), reply=None)
