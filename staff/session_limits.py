"""Sessions end after a long day, and after a while in which nobody did anything.

What a page asks for by itself (views that are not `logged`) is no sign of a person. That somebody was there is noted at
most once a minute, in the session and in the list of devices.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from staff.services.record_access import client_address

BEGAN, SEEN = "staff_began", "staff_seen"  # seconds since the epoch
NOTED_EVERY = 60  # seconds


class SessionLimitsMiddleware:
    """Logs out whose time is over, before anything else looks at the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; a part of a page that meets the login page instead has the browser open it as a whole."""
        if request.user.is_authenticated and is_over(request, time.time()):
            logout(request)
        response = self.get_response(request)
        if request.headers.get("HX-Request") == "true" and not request.user.is_authenticated:
            return _as_whole_page(response)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        """Note that somebody is there."""
        now = int(time.time())
        if (
            request.user.is_authenticated
            and getattr(view, "logged", False)
            and now - request.session.get(SEEN, 0) >= NOTED_EVERY
        ):
            request.session[SEEN] = now
            request.session.setdefault(BEGAN, now)
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=timezone.now(),
                ip=client_address(request) or "127.0.0.1",
                user_agent=request.headers.get("User-Agent", "")[:200],
            )


def is_over(request: HttpRequest, now: float) -> bool:
    """Whether the session's time is over at `now`."""
    began, seen = request.session.get(BEGAN, now), request.session.get(SEEN, now)
    idle = settings.PEOPLE.idle_minutes * 60
    return now - began > settings.SESSION_COOKIE_AGE or (idle > 0 and now - seen > idle)


def _as_whole_page(response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code != 302:
        return response
    return HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
