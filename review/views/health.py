"""Is the page alive, can it work, and how is the whole product: for probes, without login and anybody's data."""

from __future__ import annotations

import hmac
from datetime import datetime
from importlib.metadata import version

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from worker.clock import database_now
from worker.models import Control, Folder
from worker.services.mailboxes import watched_folder
from worker.services.metrics import LedgerCollector


@login_not_required
@require_safe
def live(_: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def ready(_: HttpRequest) -> JsonResponse:
    """The database answers (else 503); and how many seconds ago the mailbox was last proved complete."""
    try:
        now = database_now()
        polled = _last_poll()
        seen = Control.objects.filter(name__startswith="heartbeat:").aggregate(last=Max("at"))["last"]
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    ages = {"last_poll_age_s": polled, "last_heartbeat_age_s": seen}
    return JsonResponse(
        {"status": "ok", "database": "ok"}
        | {name: round((now - moment).total_seconds(), 1) if moment else None for name, moment in ages.items()}
    )


def _last_poll() -> datetime | None:
    """When the mailbox was last polled to the end; of several the one that waits longest, None where one never was."""
    watched = [one for one in settings.ASPOKTATAS.accounts if one.imap]
    if not watched:
        newest: datetime | None = Folder.objects.aggregate(last=Max("polled_at"))["last"]
        return newest
    moments = [
        Folder.objects.filter(watched_folder(one)).values_list("polled_at", flat=True).first() for one in watched
    ]
    known = [moment for moment in moments if moment]
    return min(known) if len(known) == len(watched) else None


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything that Prometheus watches; with ASPOKTATAS_METRICS_TOKEN set only for whoever shows it."""
    environment = settings.ASPOKTATAS
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if environment.metrics_token and not hmac.compare_digest(shown.encode(), environment.metrics_token.encode()):
        return HttpResponse("the token is missing or wrong\n", status=401, content_type="text/plain")
    registry = CollectorRegistry(auto_describe=False)
    per_hour, accounts = environment.replies_per_hour, environment.accounts
    registry.register(LedgerCollector(environment.replies, per_hour, version("aspoktatas"), accounts))
    written, content_type = choose_encoder(request.headers.get("Accept", ""))  # OpenMetrics names units too
    try:
        return HttpResponse(written(registry), content_type=content_type)
    except DatabaseError:
        return HttpResponse("the database cannot be reached\n", status=503, content_type="text/plain")
