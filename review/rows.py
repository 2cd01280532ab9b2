"""The rows of a list with what they show beside themselves: gathered for the whole page, a query a kind.

As many queries for a row as for fifty, and for none (registry.one_of.these).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from registry.models import Account, Registration
from registry.one_of import OneOf, these
from review.excerpts import Piece, excerpt, holds
from review.headlines import name_unread
from review.knowledge import get_module_names
from review.screen import for_screen
from review.tabs import Tab
from worker.models import Event, Mail, MailText, Reply

OWN_FIELDS = ("full_name", "municipality", "pir", "county", "email", "modules")
REQUEST_SHOWN = (
    *(*OWN_FIELDS, "version", "status", "snoozed_until", "problems", "notes"),
    *("mail__received_at", "mail__conversation"),
    *("assignee__first_name", "assignee__last_name", "assignee__username"),
)
MAIL_SHOWN = ("subject", "sender", "kind", "state", "failure", "twin_of", "outcomes", "received_at")
REPLY_SHOWN = ("subject", "recipients", "text", "kind", "state", "created_at")
M = TypeVar("M", bound=Model)
_KNOWN = Exists(Account.objects.filter(pk=OuterRef("email")))


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A registration with its modules' short names, and whether the portal knows the address already.

    `reply_state` is that of our last letter about it ("" where there is none, and on all lists but that of incomplete
    ones), `is_double` whether the person has another request. `said` is where its mail holds the words sought, where
    its own fields do not.
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


def registration_rows(keys: Sequence[int], words: Sequence[str], of: Tab) -> list[RegistrationRow]:
    """The requests `keys` as the list `of` shows them: a query, one more for our letters, one for what was said."""
    names = get_module_names()
    doubles = Event.objects.filter(OneOf("verb", "same_request"), registration=OuterRef("pk"))
    rows = Registration.objects.filter(pk__in=these(keys)).select_related("mail", "assignee").only(*REQUEST_SHOWN)
    found = _in_order(keys, rows.annotate(has_account=_KNOWN, is_double=Exists(doubles)))
    letters = _last_letters([one.mail for one in found]) if of.slug == "incomplete" else {}
    said = _said([one.mail_id for one in found if not holds(words, _own_text(one))], words)
    return [
        RegistrationRow(
            one,
            [names.get(module, module) for module in one.module_ids],
            one.has_account,  # type: ignore[attr-defined]  # annotated above, both
            letters.get(one.mail.conversation_id or -one.mail_id, ""),
            one.is_double,  # type: ignore[attr-defined]
            said.get(one.mail_id, ()),
        )
        for one in found
    ]


def mail_rows(keys: Sequence[int], words: Sequence[str], of: Tab) -> list[MailRow]:
    """The mails `keys` as the list `of` shows them: two queries, one more for why they wait, one for what was said.

    Mails that were never read are named by their headers.
    """
    found = _in_order(keys, Mail.objects.filter(pk__in=these(keys)).only(*MAIL_SHOWN))
    name_unread(found)
    withheld: dict[int | None, str] = {}
    if of.mails == "manual":  # by their mails: nearly every event is a decision
        decided = Event.objects.filter(OneOf("verb", "decided"), mail__in=these(one.pk for one in found))
        for event in sorted(decided, key=lambda one: one.pk):
            withheld[event.mail_id] = str(event.details.get("withheld") or "")
    said = _said([one.pk for one in found if not holds(words, f"{one.subject} {one.sender}")], words)
    return [MailRow(one, withheld.get(one.pk, ""), said.get(one.pk, ())) for one in found]


def reply_rows(keys: Sequence[int]) -> list[Reply]:
    """The letters `keys`: one query."""
    return _in_order(keys, Reply.objects.filter(pk__in=these(keys)).only(*REPLY_SHOWN))


def _in_order(keys: Sequence[int], rows: QuerySet[M]) -> list[M]:
    """The rows that are still there, as `keys` name them."""
    known = {row.pk: row for row in rows}
    return [known[key] for key in keys if key in known]


def _own_text(row: Registration) -> str:
    return " ".join(getattr(row, name) for name in OWN_FIELDS)


def _last_letters(mails: Sequence[Mail]) -> dict[int, str]:
    """The state of our last letter by conversation, or by mail (its key below zero) where it belongs to none."""
    talks = {mail.conversation_id for mail in mails if mail.conversation_id}
    alone = {mail.pk for mail in mails if not mail.conversation_id}
    # the mails first: PostgreSQL reads all of both tables for an "or" between two
    theirs = Mail.objects.filter(Q(conversation__in=these(talks)) | Q(pk__in=these(alone)))
    rows = Reply.objects.filter(mail__in=theirs.values("pk")).order_by("pk")
    found = rows.values_list("mail__conversation", "mail", "state")
    return {talk or -mail: state for talk, mail, state in found}


def _said(mails: Sequence[int], words: Sequence[str]) -> Mapping[int, Sequence[Piece]]:
    """Where these mails hold the words; personal numbers are covered first."""
    if not words:
        return {}
    texts = MailText.objects.filter(mail__in=these(set(mails)))
    return {one.pk: excerpt(for_screen(one.text), words) for one in texts}
