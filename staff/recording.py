"""Every page that a person of staff opens or sends leaves a row in the access log, refused ones too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponseBase

from staff.models import Access
from staff.services.record_access import record_access

KNOWN_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class _Visit:
    """Who asked for which page, and what its number names; `by_itself` where a page asks for it again and again."""

    user: User
    page: str
    subject: tuple[str, int | None]
    asked: tuple[str, ...]
    by_itself: bool


class AccessMiddleware:
    """Writes the row once the answer is known. A page whose row cannot be written is not shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and record; nothing for strangers, static files and what polls by itself."""
        response = self.get_response(request)
        visit: _Visit | None = getattr(request, "visit", None)
        if visit is not None and not (visit.by_itself and _is_known(visit)):
            details = {"asked": list(visit.asked)} if visit.asked else {}
            record_access(request, visit.user, visit.page, response.status_code, subject=visit.subject, details=details)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"  # shared computers keep no case behind
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _: Any, named: dict[str, Any]) -> None:
        """Note who asks, before a log-out forgets it; of a search only which boxes were filled, never with what."""
        number = named.get("pk")
        about = getattr(view, "about", "") if number is not None else ""
        logged, shows = getattr(view, "logged", None), bool(about) and request.method in ("GET", "HEAD")
        if not request.user.is_authenticated or not (logged or (logged is False and shows)):
            return
        match = request.resolver_match
        vars(request)["visit"] = _Visit(
            user=request.user,
            page=(match.url_name if match else None) or "",
            subject=(about, number if about else None),
            asked=tuple(sorted(key[:40] for key, value in request.GET.items() if value and key != "next"))[:20],
            by_itself=not logged,
        )


def _is_known(visit: _Visit) -> bool:
    """Whether the log says that the person saw this thing today: what its page asks for by itself adds nothing then,
    but nobody gets to see anything by asking for that alone."""
    kind, number = visit.subject
    seen = Access.objects.filter(user=visit.user, subject=kind, subject_id=number, status__lt=400)
    return seen.filter(at__gt=Now() - KNOWN_FOR).exists()
