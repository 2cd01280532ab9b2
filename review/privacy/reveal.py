"""What is covered on a page, and for whom it is shown for a while. The page asks `cover`, the middleware says for whom.

A member of staff who may decide uncovers the mails of one case for SHOWN_FOR; that is an event and in the access log.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from registry.models import Registration
from review.privacy.masking import mask
from staff.access import may
from staff.roles import Ability
from worker.models import Event, Mail, Reply

SHOWN_FOR = timedelta(minutes=10)
SESSION_KEY = "personal_shown"


@dataclass(slots=True)
class Covering:
    """Of one request: whether nothing is covered in it, and how many texts held what is."""

    is_open: bool = False
    texts: int = 0


_covering: ContextVar[Covering | None] = ContextVar("covering", default=None)


def cover(text: str) -> str:
    """`text` as this request may show it: of the same length, masked unless its case was uncovered."""
    masked = mask(text)
    if masked == text:
        return text
    here = _covering.get()
    if here is not None:
        here.texts += 1
    return text if here is not None and here.is_open else masked


def covered_here() -> Covering:
    """What this request has covered so far; nothing outside of a request."""
    return _covering.get() or Covering()


@transaction.atomic
def uncover(request: HttpRequest, mail: Mail, actor: User) -> None:
    """Show the personal numbers of the mail's case to this session for a while."""
    shown = {key: until for key, until in _shown(request).items() if until > _now()}
    request.session[SESSION_KEY] = shown | {_case_key(mail): _now() + SHOWN_FOR.total_seconds()}
    Event.objects.create(verb="personal_shown", actor=actor, mail=mail)


def hide_again(request: HttpRequest, mail: Mail) -> None:
    """Cover them again before the time is over."""
    request.session[SESSION_KEY] = {key: until for key, until in _shown(request).items() if key != _case_key(mail)}


class CoveringMiddleware:
    """Opens the covering of each request; asks the database only where this session has uncovered something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """One covering a request."""
        token = _covering.set(Covering())
        try:
            return self.get_response(request)
        finally:
            _covering.reset(token)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], _: object, arguments: dict[str, object]
    ) -> None:
        """Uncover where this page's case was uncovered by this session."""
        here, number, about = _covering.get(), arguments.get("pk"), getattr(view, "about", "")
        if here is None or not isinstance(number, int) or not _shown(request):
            return
        mail = _mail_of(about, number)
        if mail is not None and _shown(request).get(_case_key(mail), 0) > _now():
            here.is_open = may(request.user, Ability.DECIDE)


def _mail_of(about: str, number: int) -> Mail | None:
    rows = Mail.objects.only("pk", "conversation")
    if about == "registration":
        return rows.filter(pk__in=Registration.objects.filter(pk=number).values("mail")).first()
    if about == "reply":
        return rows.filter(pk__in=Reply.objects.filter(pk=number).values("mail")).first()
    return rows.filter(pk=number).first() if about == "mail" else None


def _case_key(mail: Mail) -> str:
    return f"case-{mail.conversation_id}" if mail.conversation_id else f"mail-{mail.pk}"


def _shown(request: HttpRequest) -> dict[str, float]:
    session = getattr(request, "session", None)
    shown: dict[str, float] = session.get(SESSION_KEY, {}) if session is not None else {}
    return shown


def _now() -> float:
    return timezone.now().timestamp()
