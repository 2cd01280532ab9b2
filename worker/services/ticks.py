"""Ticks: what one process of all does now and then. The database says when somebody last did."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from worker.models import Control


def my_turn(name: str, every: timedelta) -> bool:
    """Whether this process is the one to do `name` now; the next turn is `every` later. One small query until then."""
    mark = Control.objects.filter(name=name)
    if mark.filter(at__gt=Now() - every).exists():
        return False
    _, created = Control.objects.get_or_create(name=name, defaults={"at": Now()})
    return created or mark.filter(at__lte=Now() - every).update(at=Now()) == 1
