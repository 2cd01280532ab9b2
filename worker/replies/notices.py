"""The letters about a case that no verdict plans: what became of it, and that we still wait. Pure but for the date.

Staff's decisions and the clock bring them about (registry and worker services); the words live in
templates/replies/, one folder for each notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Unpack

from rules.catalogue import Catalogue
from rules.model import Address, Jegyzo, Message, Person
from worker.replies.compose import ComposedReply, Terms, enveloped, identity, reply_message_id
from worker.replies.facts import gather_facts
from worker.replies.greeting import certain_name
from worker.replies.hygiene import paragraphs, subject_stem
from worker.replies.mime import Automation
from worker.replies.rendering import render_letter


class Notice(StrEnum):
    """What a letter tells; each is a folder of templates/replies/."""

    REGISTERED = "registered"
    ACCOUNT_EXISTS = "account_exists"
    REJECTED = "rejected"
    REMINDER = "reminder"
    CLOSED = "closed"


def compose_notice(  # noqa: PLR0913  # a letter has this many sides
    notice: Notice,
    message: Message,
    people: Sequence[Person],
    catalogue: Catalogue,
    *,
    jegyzo: Jegyzo | None = None,
    to: Sequence[Address],
    cc: Sequence[Address] = (),
    reason: str = "",
    own_address: str,
    **terms: Unpack[Terms],
) -> ComposedReply:
    """The letter that tells `notice` about `people`, in answer to `message` (subject, thread, greeting).

    `reason` is staff's, in their words (REJECTED). A REMINDER asks for the people's problems again, not for a
    `jegyzo` who is known by now. A letter to none of the message's writers takes neither subject nor thread from it.
    Raises ValueError for an ACCOUNT_EXISTS to other than one person's one address: nobody else may learn of it
    (domain.md §9.2); for a REMINDER where nothing is missing; for a letter about nobody.
    """
    _refuse_misuse(notice, people, to, cc)
    to_writer = _writes_to_writer(message, to)
    facts = gather_facts(
        message,
        people,
        catalogue,
        own_address=own_address,
        privacy_url=terms.get("privacy_url", ""),
        jegyzo=jegyzo,
        reason=paragraphs(reason),
    )
    if notice is Notice.REMINDER and not facts.applicants:
        raise ValueError("nothing is missing that a reminder could ask for")
    if not to_writer:
        facts = replace(facts, greeting=certain_name(people[0]) if len(people) == 1 else "", writes_to_writer=False)
    letter = render_letter(notice, facts, subject_stem(message.subject) if to_writer else "", terms.get("token", ""))
    receivers = " ".join(one.address for one in to)
    message_id = terms.get("message_id") or reply_message_id(identity(message), f"{notice} {receivers}", own_address)
    answered = message if to_writer else replace(message, message_id="", references=())
    terms = {"automation": Automation.GENERATED, **terms, "message_id": message_id}
    return enveloped(answered, to, cc, letter, own_address, terms)


def _refuse_misuse(notice: Notice, people: Sequence[Person], to: Sequence[Address], cc: Sequence[Address]) -> None:
    if not people:
        raise ValueError("a notice must be about somebody")
    if notice is Notice.ACCOUNT_EXISTS and (len(people), len(to), len(cc)) != (1, 1, 0):
        raise ValueError("that an account exists is told to its owner alone, without copies")


def _writes_to_writer(message: Message, to: Sequence[Address]) -> bool:
    writers = {one.address for one in (*message.from_, *message.reply_to)}
    return any(one.address.lower() in writers for one in to)
