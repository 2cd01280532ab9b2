"""The first draft of a letter to a requester: the product's own letter about what is open now. Staff edit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.template.loader import render_to_string

from registry.models import Registration, RegistrationStatus
from rules.catalogue import Catalogue
from rules.model import (
    Address,
    Jegyzo,
    JegyzoStatus,
    Kind,
    Message,
    Outcome,
    Person,
    ReplyKind,
    ReplyPlan,
    Status,
    Verdict,
)
from worker.models import Reply, ReplyState
from worker.replies.compose import ComposedReply, compose_reply
from worker.replies.hygiene import subject_stem
from worker.replies.notices import Notice, compose_notice
from worker.replies.rendering import render_plain
from worker.services.known_people import load_jegyzo, load_person

MISSING, REMINDER, QUESTION = "missing", "reminder", "question"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to be edited; addresses are bare. `html` is what goes out where nobody changes the text.

    `why` says which letter it is (a code of the label group "letter_why"), `about` the requests that it asks for.
    """

    to: list[str]
    cc: list[str]
    subject: str
    text: str
    html: str
    why: str
    about: tuple[Registration, ...] = ()

    def html_of(self, text: str, subject: str) -> str:
        """The HTML that goes out with `text`: the letter's own, or a plain page around a person's words."""
        return self.html if _bare(text) == _bare(self.text) else render_plain(text, subject).html

    def is_edited(self, text: str) -> bool:
        """Whether a person changed the words."""
        return _bare(text) != _bare(self.text)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Requests as they stand, to be asked about: what both letters are made of."""

    message: Message
    people: tuple[Person, ...]
    jegyzo: Jegyzo | None
    catalogue: Catalogue
    to: Sequence[Address]
    cc: Sequence[Address]
    own_address: str

    def missing(self) -> ComposedReply:
        """The corrective letter; a person reads the answer to it."""
        verdict = Verdict(
            kind=Kind.REGISTRATION,
            outcomes=frozenset({Outcome.REPLY_MISSING}),
            reason="staff",
            jegyzo=self.jegyzo or Jegyzo(JegyzoStatus.ABSENT),
            people=self.people,
            reply=ReplyPlan(ReplyKind.MISSING, tuple(self.to), tuple(self.cc)),
        )
        url = settings.ASPOKTATAS.privacy_url
        return compose_reply(
            self.message, verdict, self.catalogue, own_address=self.own_address, privacy_url=url, last=True
        )

    def reminder(self) -> ComposedReply:
        """The reminder, where it has anything to ask; a jegyző who is known by now is not asked for."""
        try:
            return compose_notice(
                Notice.REMINDER,
                self.message,
                self.people,
                self.catalogue,
                jegyzo=self.jegyzo,
                to=self.to,
                cc=self.cc,
                own_address=self.own_address,
                privacy_url=settings.ASPOKTATAS.privacy_url,
            )
        except ValueError:
            return self.missing()


def draft_letter(message: Message, registration: Registration | None, catalogue: Catalogue, own_address: str) -> Letter:
    """What to begin with: the letter that asks for what is missing, the reminder where it was asked before, else an
    empty letter."""
    to, cc = _recipients(message, registration, own_address)
    if registration is None or not registration.problems:
        text = render_to_string("review/letter.txt").strip()
        subject = f"Re: {subject_stem(message.subject)}"
        receivers, copies = ([one.address for one in some] for some in (to, cc))
        return Letter(receivers, copies, subject, text, render_plain(text, subject).html, QUESTION)
    rows = requests_about(registration)
    people = tuple(replace(load_person(row), status=Status.INCOMPLETE) for row in rows)
    asking = _Asking(message, people, load_jegyzo(rows), catalogue, to, cc, own_address)
    why = REMINDER if was_asked(registration) else MISSING
    composed = asking.reminder() if why == REMINDER else asking.missing()
    return Letter(list(composed.to), list(composed.cc), composed.subject, composed.text, composed.html, why, rows)


def requests_about(registration: Registration) -> tuple[Registration, ...]:
    """The request, and the others of its mail that wait for an answer: one letter asks for all that is missing."""
    others = Registration.objects.filter(mail=registration.mail_id, status=RegistrationStatus.INCOMPLETE)
    rows = others.exclude(pk=registration.pk).select_related("mail").order_by("position")
    return (registration, *(row for row in rows if row.problems))


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


def _bare(text: str) -> list[str]:
    """The words alone: browsers end lines in their own way."""
    return text.split()
