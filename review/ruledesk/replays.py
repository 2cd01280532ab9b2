"""Replays: asked for, watched, read. The work is done in the background, in turns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta
from threading import Thread
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from registry.directory import load_context
from registry.exports.cells import neutral
from registry.replays import Compared, Replay, ReplayDifference, ReplayState
from registry.services.switch_on_words import get_drafts
from review.labels import label
from review.outbox import BELL
from review.people import actor
from review.ruledesk.forms import PeriodForm
from review.templatetags.words import module_names
from staff.access import needs
from staff.roles import Ability
from worker.models import Mail
from worker.services.replay import replay_one
from worker.services.run_replay import cancel_replay, find_ways, split_change, start_replay
from worker.services.thinking import load_thinking
from worker.tasks.bell import ring
from worker.tasks.work import run_replays

SHOWN = 20
PAGE_SIZE = 50
CODES = {
    "kind": "kind",
    "outcomes": "outcome",
    "jegyzo": "jegyzo",
    "status": "status",
    "problems": "problem",
    "notes": "note",
}


@needs(Ability.REPLAY)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What was asked for, and the form for the next."""
    return _show_index(request, PeriodForm(initial={"compares": request.GET.get("compares", Compared.LEDGER)}))


@needs(Ability.REPLAY)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Queue a replay and ring for it."""
    form = PeriodForm(_with_days(request))
    if not form.is_valid():
        return _show_index(request, form, status=400)
    row = start_replay(actor(request), form.wish, load_thinking())
    Thread(target=ring, args=(run_replays,), name=BELL, daemon=True).start()  # a broker that is away takes seconds
    return redirect("replay", pk=row.pk)


@needs(Ability.REPLAY)
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a replay is, and the differences by kind."""
    return _show(request, pk)


@needs(Ability.REPLAY, logged=False)
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for a page that asks every few seconds: nobody's doing, so not in the access log."""
    return _show(request, pk)


def _show(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Replay.objects.select_related("author"), pk=pk)
    found = ReplayDifference.objects.filter(replay=row)
    groups = list(found.values("what").annotate(mails=Count("mail", distinct=True)).order_by("-mails", "what"))
    chosen = request.GET.get("what", "")
    rows = found.filter(what=chosen) if chosen in {one["what"] for one in groups} else found
    number = _page(request.GET.get("page", ""))
    shown = list(rows.order_by("mail_id", "person", "pk")[(number - 1) * PAGE_SIZE : number * PAGE_SIZE + 1])
    context = {
        "page": "ruledesk",
        "desk": "replays",
        "replay": row,
        "is_running": row.state == ReplayState.WAITING,
        "last_day": row.until - timedelta(days=1),
        "groups": groups,
        "chosen": chosen,
        "differences": [(one, *_words(one)) for one in shown[:PAGE_SIZE]],
        "number": number,
        "has_next": len(shown) > PAGE_SIZE,
    }
    return render(request, "review/ruledesk/replay.html", context)


@needs(Ability.REPLAY)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End a replay; what it found stays."""
    if cancel_replay(actor(request), pk):
        messages.success(request, label("done", "replay_cancelled"))
    return redirect("replay", pk=pk)


@needs(Ability.REPLAY)
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """All differences as CSV, in codes; no words of a mail."""
    row = get_object_or_404(Replay, pk=pk)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([label("replay_column", name) for name in ("mail", "person", "what", "before", "after", "link")])
    for one in ReplayDifference.objects.filter(replay=row).order_by("mail_id", "person", "pk").iterator():
        link = request.build_absolute_uri(f"/mails/{one.mail_id}")
        words = (label("replay_what", one.what), one.before, one.after, link)
        writer.writerow([one.mail_id, one.person or "", *map(neutral, words)])
    response = HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="visszajatszas-{row.pk}.csv"'
    return response


@needs(Ability.REPLAY, about="mail")
@require_GET
def mail(request: HttpRequest, replay: int, pk: int) -> HttpResponse:
    """One mail decided again right now, with every value before and after: nothing of that is kept."""
    row = get_object_or_404(Replay, pk=replay)
    one = get_object_or_404(Mail.objects.select_related("original").exclude(verdict=None), pk=pk)
    ways = find_ways(row.compares, load_thinking())
    result = replay_one(one, ways, load_context(settings.ASPOKTATAS.addresses))
    changes = []
    for change in result.changes:
        person, what = split_change(change)
        changes.append((person, what, _in_words(what, change.before), _in_words(what, change.after)))
    registrations = one.registrations.order_by("position").only("pk", "full_name")
    context = {
        "page": "ruledesk",
        "desk": "replays",
        "replay": row,
        "mail": one,
        "changes": changes,
        "failure": result.failure,
        "registrations": registrations,
    }
    return render(request, "review/ruledesk/replay_mail.html", context)


def _show_index(request: HttpRequest, form: PeriodForm, *, status: int = 200) -> HttpResponse:
    rows = Replay.objects.select_related("author").order_by("-pk")[:SHOWN]
    context = {
        "page": "ruledesk",
        "desk": "replays",
        "form": form,
        "replays": [(row, row.until - timedelta(days=1)) for row in rows],
        "drafts": len(get_drafts()),
    }
    return render(request, "review/ruledesk/replays.html", context, status=status)


def _with_days(request: HttpRequest) -> dict[str, Any]:
    """The form's data, its days filled in where a period's name was pressed."""
    today = timezone.localdate()
    ago = {"yesterday": (1, 1), "week": (7, 0), "month": (31, 0)}.get(request.POST.get("period", ""))
    days: dict[str, date] = {}
    if ago is not None:
        days = {"first": today - timedelta(days=ago[0]), "last": today - timedelta(days=ago[1])}
    return {**request.POST.dict(), **days}


def _page(text: str) -> int:
    return min(max(int(text), 1), 10_000) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _words(one: ReplayDifference) -> tuple[str, str]:
    return _in_words(one.what, one.before), _in_words(one.what, one.after)


def _in_words(what: str, text: str) -> str:
    """Codes as words, modules by name; other values as they stand."""
    if what == "modules":
        return str(module_names(text, "modules"))
    return ", ".join(_each(CODES[what], text.split())) if what in CODES else text


def _each(group: str, codes: Iterable[str]) -> list[str]:
    return [label(group, code) for code in codes]
