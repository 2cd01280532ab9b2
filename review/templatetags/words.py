"""Codes as words, moments as ages, links that keep the list's filters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.timesince import timesince

from review.labels import label as find_label

register = template.Library()


@register.simple_tag
def label(group: str, code: object, **facts: Any) -> str:
    """`{% label "done" "approved" name=… %}`; auto-escaped."""
    return find_label(group, code, **facts)


@register.filter
def word(code: object, group: str) -> str:
    """`{{ code|word:"problem" }}`."""
    return find_label(group, code)


@register.filter
def age(moment: datetime | None) -> str:
    """How long ago, in one unit."""
    return timesince(moment, depth=1) if moment else ""
