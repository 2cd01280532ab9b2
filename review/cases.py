"""All that the page of one registration shows, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from registry.models import Account, Municipality, Registration
from registry.services.correct import ABOUT
from review.evidence import Seen, find_seen, origin_of
from review.forms import CorrectionForm
from review.mailview import MailView, view_mail
from review.trace import Trace, read_trace
from rules.model import Address
from worker.models import Event, Reply

FIELDS = tuple(ABOUT)
SAME_ADDRESS_SHOWN = 5
JEGYZO_CODES = frozenset({"jegyzo_not_in_cc", "jegyzo_unclear"})


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    """An excerpt and the kind of place it stands at (label group "part")."""

    where: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of the form with what the worker said of it. `current` is shown where it differs from the input."""

    name: str
    input: BoundField
    problems: list[str]
    notes: list[str]
    suggestion: str
    origin: str
    seen: list[PlaceSeen]
    current: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A registration, its original mail, its neighbours in the mail, what was done."""

    registration: Registration
    form: CorrectionForm
    fields: list[FieldView]
    general_problems: list[str]
    general_notes: list[str]
    mail: MailView
    trace: Trace
    siblings: list[Registration]
    replies: list[Reply]
    events: list[Event]
    same_address: list[Registration]
    account: Account | None
    body: Municipality | None
    clerk_candidates: list[Address]


def get_case(registration: Registration, form: CorrectionForm, own_addresses: frozenset[str]) -> CaseView:
    """Gather the page; `registration` comes with its mail and original."""
    kept = _kept_fields(registration)
    mail = view_mail(registration.mail, kept)
    fields = [_field_view(registration, form, mail, name, kept.get(name)) for name in FIELDS]
    told = {code for codes in ABOUT.values() for code in codes}
    return CaseView(
        registration=registration,
        form=form,
        fields=fields,
        general_problems=[code for code in registration.problems if code not in told],
        general_notes=[code for code in registration.notes if code not in told],
        mail=mail,
        trace=read_trace(registration.mail.verdict, registration.position),
        siblings=_siblings(registration),
        replies=list(Reply.objects.filter(mail=registration.mail).select_related("author").defer("data")),
        events=get_events(registration),
        same_address=_same_address(registration),
        account=Account.objects.filter(pk=registration.email.lower()).first() if registration.email else None,
        body=Municipality.objects.filter(pk=registration.pir).first() if registration.pir else None,
        clerk_candidates=_clerk_candidates(registration, mail, own_addresses),
    )


def get_events(registration: Registration) -> list[Event]:
    """What happened to the registration and its mail, oldest first."""
    events = Event.objects.filter(mail_id=registration.mail_id).select_related("actor").order_by("pk")
    return [event for event in events if event.registration_id in (None, registration.pk)]


def changes_since(events: Sequence[Event], version: int) -> list[Event]:
    """Those events that changed the registration after `version`."""
    return [event for event in events if int(event.details.get("version") or 0) > version]


def _kept_fields(registration: Registration) -> dict[str, object]:
    """What the ledger keeps of each field: the verdict's person, else the registration's own evidence."""
    people = (registration.mail.verdict or {}).get("people", [])
    person = people[registration.position] if registration.position < len(people) else {}
    return {name: person.get(name) or registration.evidence.get(name) for name in FIELDS}


def _field_view(registration: Registration, form: CorrectionForm, mail: MailView, name: str, kept: object) -> FieldView:
    codes = ABOUT[name]
    suggestions = [str(registration.suggestions[code]) for code in codes if registration.suggestions.get(code)]
    problems = [code for code in registration.problems if code in codes]
    return FieldView(
        name=name,
        input=form[name],
        problems=problems,
        notes=[code for code in registration.notes if code in codes],
        suggestion=suggestions[0] if suggestions and problems else "",
        origin=origin_of(kept),
        seen=_places(find_seen(kept), mail),
        current=_current_if_different(registration, form, name),
    )


def _places(found: list[Seen], mail: MailView) -> list[PlaceSeen]:
    return [PlaceSeen(seen.where(mail.message), seen.excerpt) for seen in found[:4] if seen.excerpt]


def _current_if_different(registration: Registration, form: CorrectionForm, name: str) -> str:
    """What the row holds now, where a person is about to write something else over it."""
    current = str(getattr(registration, name))
    given: Any = form[name].value()
    given = " ".join(given) if isinstance(given, list) else str(given or "")
    return current if form.is_bound and given != current else ""


def _siblings(registration: Registration) -> list[Registration]:
    rows = Registration.objects.filter(mail_id=registration.mail_id).exclude(pk=registration.pk)
    return list(rows.order_by("position").defer("evidence", "suggestions"))


def _same_address(registration: Registration) -> list[Registration]:
    if not registration.email:
        return []
    rows = Registration.objects.filter(email=registration.email).exclude(mail_id=registration.mail_id)
    return list(rows.order_by("-pk").defer("evidence", "suggestions")[:SAME_ADDRESS_SHOWN])


def _clerk_candidates(registration: Registration, mail: MailView, own_addresses: frozenset[str]) -> list[Address]:
    """Who among the visible people could be the jegyző, where that is the question."""
    if not JEGYZO_CODES & set(registration.problems):
        return []
    people = (*mail.message.to, *mail.message.cc, *mail.message.from_)
    ours = own_addresses | {registration.email}
    return list({one.address: one for one in people if one.address and one.address not in ours}.values())
