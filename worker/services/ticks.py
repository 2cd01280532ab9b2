"""Ticks: what one process of all does now and then. The database says when somebody last did."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from worker.models import Control


def my_turn(name: str, every: timedelta) -> bool:
    """Whether this process is the one to do `name` now; the next turn is `every` later. One small query until then."""
    if done_lately(name, every).exists():
        return False
    _, created = Control.objects.get_or_create(name=name, defaults={"at": Now()})
    return created or Control.objects.filter(name=name, at__lte=Now() - every).update(at=Now()) == 1


def done_lately(name: str, every: timedelta) -> QuerySet[Control]:
    """A row where it is nobody's turn to do `name`."""
    return Control.objects.filter(name=name, at__gt=Now() - every)
