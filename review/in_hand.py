"""Which mail a page is about, for the log lines and error reports that come of it (worker.following)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, models
from django.http import HttpRequest, HttpResponseBase

from registry.models import Registration
from worker.following import nothing_in_hand, take_in_hand
from worker.models import Reply

KEYS = {"mail": "mail", "registration": "request", "reply": "reply"}  # what a view is `about` → in hand
WITH_MAIL: dict[str, type[models.Model]] = {"registration": Registration, "reply": Reply}


class InHandMiddleware:
    """Takes in hand what the address names, by the view's `about` (staff.access.needs)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A page begins with nothing in hand: threads serve one after the other."""
        with nothing_in_hand():
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _: Any, named: dict[str, Any]) -> None:
        """Before the view runs."""
        about, number = getattr(view, "about", ""), named.get("pk")
        if about in KEYS and isinstance(number, int):
            vars(request)["in_hand"] = (about, number)
            take_in_hand(**{KEYS[about]: number})

    def process_exception(self, request: HttpRequest, _: Exception) -> None:
        """Before the failure is logged and reported: now the mail behind it is worth a query."""
        about, number = getattr(request, "in_hand", ("", 0))
        if about in WITH_MAIL:
            with suppress(DatabaseError):
                rows = WITH_MAIL[about]._default_manager.filter(pk=number)
                for mail in rows.values_list("mail_id", flat=True):
                    take_in_hand(mail=mail)
