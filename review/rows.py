"""What a row of a list shows beside the row itself: gathered for the whole page, a query a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from registry.models import Account, Registration
from registry.one_of import OneOf
from review.excerpts import Piece, excerpt, holds
from review.headlines import name_unread
from review.knowledge import get_module_names
from review.screen import for_screen
from worker.models import Event, Mail, MailText, Reply

OWN_FIELDS = ("full_name", "municipality", "pir", "county", "email", "modules")


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A registration with its modules' short names, and whether the portal knows the address already.

    `reply_state` is that of our last letter about it ("" where there is none), `is_double` whether the person has
    another request. `said` is where its mail holds the words sought, where its own fields do not.
    """

    registration: Registration
    modules: list[str]
    has_account: bool
    reply_state: str = ""
    is_double: bool = False
    said: Sequence[Piece] = field(default=())


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail, why the worker withheld an answer ("" where it did not), and where it holds the words sought."""

    mail: Mail
    withheld: str = ""
    said: Sequence[Piece] = field(default=())


def light_registrations(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """With all that a row shows of mail and people, without the bulk."""
    rows = rows.select_related("mail", "reviewer", "assignee")
    return rows.defer("mail__verdict", "mail__trace", "evidence", "suggestions")


def light_mails(rows: QuerySet[Mail]) -> QuerySet[Mail]:
    """The same of mails."""
    return rows.select_related("handling").defer("verdict", "trace")


def light_replies(rows: QuerySet[Reply]) -> QuerySet[Reply]:
    """The same of letters."""
    return rows.select_related("mail", "author").defer("data", "mail__verdict", "mail__trace")


def registration_rows(found: Sequence[Registration], words: Sequence[str]) -> list[RegistrationRow]:
    """Five queries at most."""
    names = get_module_names()
    known = set(Account.objects.filter(pk__in=[one.email for one in found]).values_list("pk", flat=True))
    doubles = Event.objects.filter(OneOf("verb", "same_request"), registration__in=[one.pk for one in found])
    doubled = set(doubles.values_list("registration", flat=True))
    letters = _last_letters([one.mail for one in found])
    said = _said([one.mail_id for one in found if not holds(words, _own_text(one))], words)
    return [
        RegistrationRow(
            one,
            [names.get(module, module) for module in one.module_ids],
            one.email in known,
            letters.get(one.mail.conversation_id or -one.mail_id, ""),
            one.pk in doubled,
            said.get(one.mail_id, ()),
        )
        for one in found
    ]


def mail_rows(found: Sequence[Mail], words: Sequence[str], *, manual: bool) -> list[MailRow]:
    """Three queries at most; mails that were never read are named by their headers. `manual`: why they wait, too."""
    name_unread(found)
    withheld: dict[int | None, str] = {}
    if manual:  # by their mails: nearly every event is a decision
        decided = Event.objects.filter(OneOf("verb", "decided"), mail__in=[one.pk for one in found])
        for event in sorted(decided, key=lambda one: one.pk):
            withheld[event.mail_id] = str(event.details.get("withheld") or "")
    said = _said([one.pk for one in found if not holds(words, f"{one.subject} {one.sender}")], words)
    return [MailRow(one, withheld.get(one.pk, ""), said.get(one.pk, ())) for one in found]


def _own_text(row: Registration) -> str:
    return " ".join(getattr(row, name) for name in OWN_FIELDS)


def _last_letters(mails: Sequence[Mail]) -> dict[int, str]:
    """The state of our last letter by conversation, or by mail (its key below zero) where it belongs to none."""
    talks = {mail.conversation_id for mail in mails if mail.conversation_id}
    alone = {mail.pk for mail in mails if not mail.conversation_id}
    rows = Reply.objects.filter(Q(mail__conversation__in=talks) | Q(mail__in=alone)).order_by("pk")
    found = rows.values_list("mail__conversation", "mail", "state")
    return {talk or -mail: state for talk, mail, state in found}


def _said(mails: Sequence[int], words: Sequence[str]) -> Mapping[int, Sequence[Piece]]:
    """Where these mails hold the words; personal numbers are covered first."""
    if not words or not mails:
        return {}
    texts = MailText.objects.filter(mail__in=set(mails))
    return {one.pk: excerpt(for_screen(one.text), words) for one in texts}
