"""All that the page of one registration shows, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.environment import Environment
from registry.models import Account, Municipality, Registration
from registry.services.correct import ABOUT
from review.contradictions import Contradiction, find_contradictions
from review.conversation import Talk, get_talk
from review.fields import FieldView, field_views, kept_fields, mails_seen
from review.forms import CorrectionForm
from review.hints import Hints, get_hints
from review.knowledge import get_module_names
from review.mailview import MailView, view_mail
from review.merges import Merge, find_merges
from review.standing import Standing, get_standing
from review.trace import Trace, read_trace
from rules.model import Address, Note
from worker.models import Event, Mail

SAME_ADDRESS_SHOWN = 5
ANSWERS_SHOWN = 5  # of the mails that gave values; each is parsed for the page
JEGYZO_CODES = frozenset({"jegyzo_not_in_cc", "jegyzo_unclear"})


@dataclass(frozen=True, slots=True)
class CaseView:
    """A registration, the mails it was read from (`answers` after the first), its conversation, what was done."""

    registration: Registration
    form: CorrectionForm
    fields: list[FieldView]
    general_problems: list[str]
    general_notes: list[str]
    mail: MailView
    answers: list[MailView]
    trace: Trace
    talk: Talk
    merges: list[Merge]
    contradictions: list[Contradiction]
    hints: Hints
    standing: Standing
    siblings: list[Registration]
    events: list[Event]
    same_address: list[Registration]
    account: Account | None
    body: Municipality | None
    clerk_candidates: list[Address]


def get_case(registration: Registration, form: CorrectionForm, environment: Environment) -> CaseView:
    """Gather the page; `registration` comes with its mail, the mail's original and conversation."""
    kept = kept_fields(registration)
    mail = view_mail(registration.mail, kept)
    answers = [view_mail(one, kept, home=False) for one in _get_answers(mails_seen(registration, kept))]
    messages = {0: mail.message, registration.mail_id: mail.message} | {one.mail.pk: one.message for one in answers}
    talk = get_talk(registration.mail)
    told = {code for codes in ABOUT.values() for code in codes}
    return CaseView(
        registration=registration,
        form=form,
        fields=field_views(registration, form, kept, messages),
        general_problems=[code for code in registration.problems if code not in told],
        general_notes=[code for code in registration.notes if code not in told],
        mail=mail,
        answers=answers,
        trace=read_trace(registration.mail.verdict, registration.position),
        talk=talk,
        merges=find_merges(registration, talk.events),
        contradictions=get_contradictions(registration),
        hints=get_hints(registration, talk.events),
        standing=get_standing(registration, talk, environment),
        siblings=[one for one in talk.requests if one.pk != registration.pk],
        events=[event for event in talk.events if _is_of(event, registration)],
        same_address=_same_address(registration, talk),
        account=Account.objects.filter(pk=registration.email.lower()).first() if registration.email else None,
        body=Municipality.objects.filter(pk=registration.pir).first() if registration.pir else None,
        clerk_candidates=_clerk_candidates(registration, mail, environment.addresses),
    )


def get_contradictions(registration: Registration) -> list[Contradiction]:
    """Values of later mails against those of the request, where the note says that there are such."""
    if Note.ANSWER_CONTRADICTS not in registration.notes or registration.mail.conversation_id is None:
        return []
    mails = Mail.objects.filter(conversation=registration.mail.conversation_id, verdict__isnull=False)
    rows = mails.exclude(pk=registration.mail_id).order_by("-pk").values_list("pk", "verdict")[:ANSWERS_SHOWN]
    return find_contradictions(
        registration, [(pk, verdict or {}) for pk, verdict in rows][::-1], frozenset(get_module_names())
    )


def _is_of(event: Event, registration: Registration) -> bool:
    """Whether the request's history tells `event`; a stranger's answer is told once, by the request's own event."""
    if event.registration_id is None:
        return event.verb != "stranger_answered"
    return event.registration_id == registration.pk


def changes_since(events: Sequence[Event], version: int) -> list[Event]:
    """Those events that changed the registration after `version`."""
    return [event for event in events if int(event.details.get("version") or 0) > version]


def _get_answers(keys: Sequence[int]) -> list[Mail]:
    """The newest of these mails, oldest first."""
    if not keys:
        return []
    return list(Mail.objects.filter(pk__in=keys[-ANSWERS_SHOWN:]).select_related("original").order_by("pk"))


def _same_address(registration: Registration, talk: Talk) -> list[Registration]:
    if not registration.email:
        return []
    rows = Registration.objects.filter(email=registration.email).exclude(pk__in=[one.pk for one in talk.requests])
    return list(rows.order_by("-pk").defer("evidence", "suggestions")[:SAME_ADDRESS_SHOWN])


def _clerk_candidates(registration: Registration, mail: MailView, own_addresses: frozenset[str]) -> list[Address]:
    """Who among the visible people could be the jegyző, where that is the question."""
    if not JEGYZO_CODES & set(registration.problems):
        return []
    people = (*mail.message.to, *mail.message.cc, *mail.message.from_)
    ours = own_addresses | {registration.email}
    return list({one.address: one for one in people if one.address and one.address not in ours}.values())
