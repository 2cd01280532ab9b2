"""Why a mail is on the manual list, for the person who opens it: a code for the label group "why_manual"."""

from __future__ import annotations

from collections.abc import Sequence

from rules.model import Kind, Outcome
from worker.models import Event, Mail, MailState


def tell_waiting(mail: Mail, events: Sequence[Event]) -> str:
    """The code of what a person is needed for; "" where nobody is, or somebody dealt with it."""
    if mail.state not in {MailState.DECIDED, MailState.FILED} or getattr(mail, "handling", None) is not None:
        return ""
    mine = [event for event in events if event.mail_id == mail.pk and event.verb in {"decided", "handed_over"}]
    if mine and mine[-1].verb == "handed_over":
        return "handed_over"
    withheld = str(mine[-1].details.get("withheld") or "") if mine else ""
    if Outcome.REVIEW not in mail.outcomes:
        return ""
    if withheld:
        return withheld
    return f"kind_{mail.kind}" if mail.kind in {Kind.OTHER, Kind.PASSWORD} else "kind_registration"
