"""Moments as a person says them: today and yesterday by name."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from review.labels import label

register = template.Library()


@register.filter
def moment(value: datetime) -> str:
    """ "ma 9:12", "tegnap 16:40", "november 20. 9:14", "2025. november 20. 9:14"."""
    return say_moment(value, timezone.now())


def say_moment(value: datetime, now: datetime) -> str:
    """`value` as it is called at `now`, by the clock on the wall."""
    here, today = timezone.localtime(value), timezone.localtime(now).date()
    time = date_format(here, "G:i")
    for days, word in ((0, "today"), (1, "yesterday")):
        if here.date() == today - timedelta(days=days):
            return f"{label('day', word)} {time}"
    return date_format(here, "F j. G:i" if here.year == today.year else "Y. F j. G:i")
