"""Is the page alive, and can it work: for probes, without login and without anybody's data."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Max
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from worker.clock import database_now
from worker.models import Control, Folder


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
        polled = Folder.objects.aggregate(last=Max("polled_at"))["last"]
        seen = Control.objects.filter(name__startswith="heartbeat:").aggregate(last=Max("at"))["last"]
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    ages = {"last_poll_age_s": polled, "last_heartbeat_age_s": seen}
    return JsonResponse(
        {"status": "ok", "database": "ok"}
        | {name: round((now - moment).total_seconds(), 1) if moment else None for name, moment in ages.items()}
    )
