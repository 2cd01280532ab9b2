"""The log: who saw and did what, searched and taken away as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from review.labels import labels_of
from review.people import actor
from staff.access import needs
from staff.log.export import csv_lines
from staff.log.query import REFUSED, SUBJECTS, parse_query
from staff.log.reading import parse_cursor, read_page
from staff.roles import Ability
from worker.models import Event

BOXES = ("who", "action", "since", "until", "subject", "number")


@needs(Ability.LOG)
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """A page of it, the newest first."""
    query = parse_query(request.GET.dict())
    shown = read_page(query, parse_cursor(request.GET.get("from", "")))
    asked = _asked(request)
    context = {
        "page": "log",
        "entries": shown.entries,
        "following": urlencode({**asked, "from": str(shown.following)}) if shown.following else "",
        "asked": asked,
        "asked_for": urlencode(asked),
        "later": "from" in request.GET,
        "people": User.objects.order_by("last_name", "first_name", "username"),
        "subjects": SUBJECTS,
        "pages": _actions("a", "access"),
        "verbs": _actions("e", "event"),
        "refused": REFUSED,
    }
    return render(request, "staff/log.html", context)


@needs(Ability.LOG)
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The rows that were asked for as CSV; that it was taken is itself on record, with what was asked for."""
    query = parse_query(request.GET.dict())
    Event.objects.create(actor=actor(request), verb="log_exported", details={"asked": _asked(request)})
    response = StreamingHttpResponse(csv_lines(query), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="naplo-{localdate():%Y-%m-%d}.csv"'
    return response


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name][:90] for name in BOXES if request.GET.get(name)}


def _actions(kind: str, group: str) -> list[tuple[str, str]]:
    """Codes for the box of actions with their words, in their order; places for names show as dots."""
    codes: dict[str, str] = {}
    for code, words in labels_of(group).items():
        if not code.startswith("_"):
            codes.setdefault(_without_places(words), f"{kind}:{code}")  # a page's second name leaves no rows
    return sorted(((code, words) for words, code in codes.items()), key=lambda one: one[1].casefold())


def _without_places(text: str) -> str:
    """`Megnyitotta {number} kérelmet` → `Megnyitotta … kérelmet`."""
    parts = text.replace("}", "{").split("{")
    return "…".join(parts[::2]).strip()
