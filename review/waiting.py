"""Which mails and replies wait for a person."""

from __future__ import annotations

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from registry.models import Registration, RegistrationStatus
from registry.one_of import IsNothing, OneOf, listed
from registry.search_schema import FOR_STAFF
from review.tabs import Tab
from rules.model import Kind, Outcome
from worker.models import Event, Mail, MailState, Reply, ReplyState

BOUNCED = "bounced"
BOUNCE_SEEN = "bounce_seen"


def get_mails(which: str) -> QuerySet[Mail]:
    """The mails of a tab: `manual`, `failed` or `all`."""
    if which == "failed":
        return Mail.objects.filter(state=MailState.FAILED)
    return _manual() if which == "manual" else Mail.objects.all()


def get_replies(tab: Tab) -> QuerySet[Reply]:
    """The replies of a tab; where the fate of replies is the question, bounced ones too until somebody saw them."""
    wanted = Q(state__in=tab.replies)
    if ReplyState.UNCERTAIN in tab.replies:
        seen = Event.objects.filter(reply=OuterRef("reply"), verb=BOUNCE_SEEN)
        bounced = Event.objects.filter(~Exists(seen), verb=BOUNCED, reply__state=ReplyState.SENT)
        # as a set of keys: the database would else look at every letter for the sake of the few that came back
        wanted = Q(pk__in=Reply.objects.filter(wanted).values("pk").union(bounced.values("reply")))
    return Reply.objects.filter(wanted)


def _manual() -> QuerySet[Mail]:
    """Mails that go to staff and are not shown as a registration.

    Everything of kind `other`; what the worker could not answer although it should have (a budget was used up,
    nobody to answer to): password mails, and registrations that wait for an answer nobody was asked for; and answers
    that no machine may take into their case (a stranger's, one to a decided request).
    """
    of_mail = OuterRef("pk")
    waiting = Registration.objects.filter(mail=of_mail, status=RegistrationStatus.INCOMPLETE)
    answered = Reply.objects.filter(mail=of_mail).exclude(state=ReplyState.DISCARDED)
    # hardly any mail is for staff: an index holds these, and nothing here may lead the database to another
    decided = OneOf("state", listed((MailState.DECIDED, MailState.FILED)))
    rows = Mail.objects.filter(_for_staff(), decided, IsNothing("twin_of"), handling__isnull=True)
    # JSON containment exists on PostgreSQL only; the words of outcomes are fixed, so their text does
    rows = rows.alias(outcome_words=Cast("outcomes", TextField()))
    to_staff = Q(outcome_words__contains=f'"{Outcome.REVIEW}"') & ~Exists(answered)
    asked_of_nobody = Q(kind=Kind.REGISTRATION) & Exists(waiting)
    begun = Registration.objects.filter(mail=of_mail)
    kept_out = Event.objects.filter(mail=of_mail, verb="decided").exclude(
        details__withheld__in=["", "budget_same_answer"]
    )
    not_taken = Q(kind=Kind.REGISTRATION) & ~Exists(begun) & Exists(kept_out)
    by_hand = Q(kind=Kind.PASSWORD) | asked_of_nobody | not_taken
    return rows.filter(Q(kind=Kind.OTHER) | (to_staff & by_hand))


def _for_staff() -> RawSQL:
    condition = FOR_STAFF[connection.vendor].format('"worker_mail".').replace("%", "%%")
    return RawSQL(condition, [], output_field=BooleanField())  # noqa: S611  # a text of ours, as its index has it
