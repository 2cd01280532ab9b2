"""All that the page of one registration shows, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.environment import Environment
from registry.models import Account, Municipality, Registration
from registry.services.about import ABOUT
from review.contradictions import Contradiction, find_contradictions
from review.conversation import Talk, get_talk
from review.earlier import EarlierCases, get_earlier
from review.fields import FieldView, Readings, field_views
from review.forms import CorrectionForm
from review.hints import Hints, get_hints
from review.knowledge import get_module_names
from review.merges import Merge, find_merges
from review.panels import Asked, Panel, anchors_of, get_panels, header_of, messages_of
from review.standing import Standing, get_standing
from review.trace import Trace, read_trace
from rules.model import Address, Note
from worker.models import Event, Mail

ANSWERS_SHOWN = 5  # of the mails that contradict
JEGYZO_CODES = frozenset({"jegyzo_not_in_cc", "jegyzo_unclear"})


@dataclass(frozen=True, slots=True)
class CaseView:
    """A registration, the mails it was read from, its conversation, what was done, what was there before."""

    registration: Registration
    form: CorrectionForm
    fields: list[FieldView]
    general_problems: list[str]
    general_notes: list[str]
    panels: list[Panel]
    trace: Trace
    talk: Talk
    merges: list[Merge]
    contradictions: list[Contradiction]
    hints: Hints
    standing: Standing
    siblings: list[Registration]
    events: list[Event]
    earlier: list[EarlierCases]
    account: Account | None
    body: Municipality | None
    clerk_candidates: list[Address]


def get_case(
    registration: Registration, form: CorrectionForm, environment: Environment, asked: Asked | None = None
) -> CaseView:
    """Gather the page; `registration` comes with its mail, the mail's original and conversation. `asked` names a mail
    to be shown otherwise than as text."""
    talk = get_talk(registration.mail)
    panels = get_panels(registration, asked or Asked(), environment.addresses, talk.numbers)
    events = [event for event in talk.events if _is_of(event, registration)]
    told = {code for codes in ABOUT.values() for code in codes}
    return CaseView(
        registration=registration,
        form=form,
        fields=field_views(registration, form, Readings(messages_of(panels), anchors_of(panels)), events),
        general_problems=[code for code in registration.problems if code not in told],
        general_notes=[code for code in registration.notes if code not in told],
        panels=panels,
        trace=read_trace(registration.mail.verdict, registration.position),
        talk=talk,
        merges=find_merges(registration, talk.events),
        contradictions=get_contradictions(registration),
        hints=get_hints(registration, talk.events),
        standing=get_standing(registration, talk, environment),
        siblings=[one for one in talk.requests if one.pk != registration.pk],
        events=events,
        earlier=get_earlier(registration, [registration.pk, *(one.pk for one in talk.requests)]),
        account=Account.objects.filter(pk=registration.email.lower()).first() if registration.email else None,
        body=Municipality.objects.filter(pk=registration.pir).first() if registration.pir else None,
        clerk_candidates=_clerk_candidates(registration, panels[0], environment.addresses),
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


def _clerk_candidates(registration: Registration, panel: Panel, own_addresses: frozenset[str]) -> list[Address]:
    """Who among the visible people could be the jegyző, where that is the question."""
    if not JEGYZO_CODES & set(registration.problems):
        return []
    header = header_of(panel)
    people = (*header.to, *header.cc, *header.from_)
    ours = own_addresses | {registration.email}
    return list({one.address: one for one in people if one.address and one.address not in ours}.values())
