"""The first draft of a letter to a requester: to whom, about what, in which words. Staff edit it before it goes."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string

from registry.models import Registration
from rules.catalogue import Catalogue
from rules.model import (
    Address,
    Field,
    Jegyzo,
    JegyzoStatus,
    Kind,
    Message,
    Outcome,
    Person,
    Problem,
    ReplyKind,
    ReplyPlan,
    Status,
    Verdict,
)
from worker.models import Reply, ReplyState
from worker.replies.compose import compose_reply
from worker.replies.hygiene import subject_stem


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to be edited; addresses are bare."""

    to: list[str]
    cc: list[str]
    subject: str
    text: str


def draft_letter(message: Message, registration: Registration | None, catalogue: Catalogue, own_address: str) -> Letter:
    """What to begin with: the corrective reply, a short reminder where it was asked before, else an empty letter."""
    to, cc = _recipients(message, registration, own_address)
    template = "review/letter.txt"
    if registration is not None and registration.problems and was_asked(registration):
        template = "review/reminder.txt"
    elif registration is not None and registration.problems:
        verdict = _verdict(registration, to, cc)
        composed = compose_reply(message, verdict, catalogue, own_address=own_address)
        return Letter(list(composed.to), list(composed.cc), composed.subject, composed.text)
    problems = registration.problems if registration else []
    text = render_to_string(template, {"registration": registration, "problems": problems})
    return Letter(
        [one.address for one in to], [one.address for one in cc], f"Re: {subject_stem(message.subject)}", text.strip()
    )


def was_asked(registration: Registration) -> bool:
    """Whether a letter about the request's mail went out, or is about to."""
    unsent = (ReplyState.DRAFT, ReplyState.FAILED, ReplyState.DISCARDED)
    return Reply.objects.filter(mail=registration.mail_id).exclude(state__in=unsent).exists()


def _recipients(
    message: Message, registration: Registration | None, own_address: str
) -> tuple[list[Address], list[Address]]:
    """To the sender (Reply-To where given), the known jegyző in copy where the mail had them among its recipients."""
    to = [one for one in message.reply_to or message.from_ if one.address and one.address != own_address][:1]
    jegyzo = registration.jegyzo_address if registration else ""
    visible = [one for one in (*message.to, *message.cc) if one.address == jegyzo and one not in to]
    return to, visible[:1]


def _verdict(registration: Registration, to: list[Address], cc: list[Address]) -> Verdict:
    """The registration as it stands now, in the shape that replies are made from."""
    person = Person(
        full_name=_field(registration.full_name),
        municipality=_field(registration.municipality),
        pir=_field(registration.pir),
        county=_field(registration.county),
        email=_field(registration.email),
        modules=tuple(Field(module) for module in registration.module_ids),
        status=Status.INCOMPLETE,
        problems=tuple(Problem(code) for code in registration.problems if code in set(Problem)),
        suggestions=registration.suggestions,
    )
    status = registration.jegyzo_status if registration.jegyzo_status in set(JegyzoStatus) else JegyzoStatus.ABSENT
    return Verdict(
        kind=Kind.REGISTRATION,
        outcomes=frozenset({Outcome.REPLY_MISSING}),
        reason="staff",
        jegyzo=Jegyzo(JegyzoStatus(status), registration.jegyzo_address),
        people=(person,),
        reply=ReplyPlan(ReplyKind.MISSING, tuple(to), tuple(cc)),
    )


def _field(value: str) -> Field[str] | None:
    return Field(value) if value else None
