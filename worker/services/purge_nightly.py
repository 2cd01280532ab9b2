"""Purge nightly: what the worker purges by itself. By day only what was emptied once and came again."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.privacy import Retention
from worker.clock import database_now
from worker.models import Control
from worker.services.retain import Due, count_due, empty_twins, purge
from worker.services.ticks import my_turn

TICK = "privacy"  # the Control row whose `at` says when somebody last looked
LOOK_EVERY = timedelta(minutes=10)
NIGHT = "purging"
NIGHT_HOURS = range(1, 5)  # UTC
TURN_S = 30.0  # of a night's purge at a time; well below the tasks' time limits


def keep_private(retention: Retention) -> None:
    """Look once in LOOK_EVERY over all processes; one small query until then."""
    if my_turn(TICK, LOOK_EVERY):
        empty_twins()
        purge_nightly(retention)


def purge_nightly(retention: Retention, now: datetime | None = None) -> Due | None:
    """Purge once a night where the configuration says so; None where it is not the time."""
    now = now or database_now()
    if not retention.nightly or now.hour not in NIGHT_HOURS:
        return None
    _, created = Control.objects.get_or_create(name=NIGHT, defaults={"at": now})
    mine = Control.objects.filter(name=NIGHT, at__lte=now - timedelta(hours=12))
    if not (created or mine.update(at=now)):
        return None
    done = purge(retention, now=now, for_s=TURN_S)
    if count_due(retention, now).total:  # the turn was over: go on at the next look
        Control.objects.filter(name=NIGHT).update(at=now - timedelta(days=1))
    return done
