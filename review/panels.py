"""The mails beside the fields of a case, each in one of its views; which view, and what is left for later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from registry.models import Registration
from registry.services.correct import CORRECTABLE
from review.fields import kept_fields, mails_seen
from review.mailview import MailView, View, view_mail
from rules.model import Message
from worker.intake.parse import parse_message
from worker.models import Mail

ANSWERS_SHOWN = 5  # of the mails that gave values; each is parsed for the page
HEAVY = 400_000  # bytes of a mail that the page fetches after it is there


@dataclass(frozen=True, slots=True)
class Asked:
    """Which mail (its key, 0 for none) a person wants to see in which view; what a link carries."""

    mail: int = 0
    view: View = View.TEXT

    @classmethod
    def from_query(cls, query: QueryDict) -> Asked:
        """The wish in a request's address; unknown values are ignored."""
        number, view = query.get("mail", ""), query.get("view", "")
        known = number.isascii() and number.isdigit() and len(number) < 19
        return cls(int(number) if known else 0, view_named(view))

    def leaves_for_later(self, mail: Mail) -> bool:
        """Whether the page fetches `mail` after it is there: a large one that nobody asked for."""
        return mail.size > HEAVY and mail.pk != self.mail

    def view_of(self, mail: Mail) -> View:
        """The view in which `mail` is shown."""
        return self.view if mail.pk == self.mail else View.TEXT


@dataclass(frozen=True, slots=True)
class Panel:
    """A mail on the page; `shown` is None for a large one that is fetched later. `number` is its place in the
    conversation, 0 where it is the only one."""

    mail: Mail
    number: int
    shown: MailView | None


def view_named(name: str) -> View:
    """The view of this name, the text for any other."""
    return View(name) if name in View.__members__.values() else View.TEXT


def get_panels(
    registration: Registration, asked: Asked, own: frozenset[str], numbers: Mapping[int, int]
) -> list[Panel]:
    """The request's own mail and those that gave values; one query where there are such."""
    kept = kept_fields(registration)
    answers = mails_seen(registration, kept)[-ANSWERS_SHOWN:]
    rows = Mail.objects.filter(pk__in=answers).select_related("original").order_by("pk") if answers else []
    panels = []
    for mail in (registration.mail, *rows):
        shown = None if asked.leaves_for_later(mail) else view_for(registration, mail, asked.view_of(mail), own)
        panels.append(Panel(mail, numbers.get(mail.pk, 0) if len(numbers) > 1 else 0, shown))
    return panels


def view_for(registration: Registration, mail: Mail, view: View, own: frozenset[str]) -> MailView:
    """`mail` with what the request has of it, and what could be taken into the request while it may be corrected."""
    return view_mail(
        mail,
        kept_fields(registration),
        home=mail.pk == registration.mail_id,
        view=view,
        own=own,
        takes=registration.status in CORRECTABLE,
    )


def messages_of(panels: list[Panel]) -> dict[int, Message]:
    """The parsed mails by key; the first, the request's own, also as 0."""
    shown = {one.mail.pk: one.shown.message for one in panels if one.shown is not None}
    first = panels[0]
    return shown | ({0: first.shown.message} if first.shown is not None else {})


def anchors_of(panels: list[Panel]) -> dict[tuple[int, str, int], int]:
    """The numbers of the first marks by mail, field and part."""
    return {
        (one.mail.pk, *place): number
        for one in panels
        if one.shown is not None
        for place, number in one.shown.anchors.items()
    }


def header_of(panel: Panel) -> Message:
    """The mail's Message, or what its header alone tells where it is fetched later."""
    return panel.shown.message if panel.shown is not None else parse_message(panel.mail.header)
