"""The numbers on the tabs and the warnings above the lists: a fixed number of small queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import Now

from registry.models import Registration
from review.narrowing import in_statuses
from review.paging import COUNTED, count_up_to
from review.tabs import SNOOZABLE, TABS, Tab
from review.waiting import get_mails, get_replies
from worker.models import OUTGOING, Control, Folder, Reply
from worker.services.controls import REPLIES_STOPPED


@dataclass(frozen=True, slots=True)
class CountedTab:
    """A tab with the number of rows in it; where `is_more`, there are more than `number`."""

    tab: Tab
    number: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Warnings:
    """Why replies wait: the switch's reason ("" where it is not thrown) and when it was thrown, folders held back, how
    many are queued.

    `mode` is how the worker's own replies are treated: on, draft or off.
    """

    replies_stopped: str
    stopped_at: datetime | None
    held_folders: list[Folder]
    outgoing: int
    mode: str


def count_tabs() -> list[CountedTab]:
    """Every tab with its number."""
    open_rows = Registration.objects.filter(status__in=SNOOZABLE).order_by()
    statuses = dict(open_rows.values_list("status").annotate(number=Count("*")))  # of no column: the index alone knows
    asleep = Counter(Registration.objects.filter(snoozed_until__gt=Now()).values_list("status", flat=True))
    return [_count(tab, statuses, asleep) for tab in TABS]


def _count(tab: Tab, statuses: Mapping[str, int], asleep: Mapping[str, int]) -> CountedTab:
    if not tab.work:
        found = count_up_to(in_statuses(tab.statuses)) if tab.statuses else count_up_to(get_mails(tab.mails))
        return CountedTab(tab, min(found, COUNTED), found > COUNTED)
    if tab.asleep:
        return CountedTab(tab, sum(asleep.get(status, 0) for status in tab.statuses))
    number = sum(statuses.get(status, 0) - asleep.get(status, 0) for status in tab.statuses)
    number += get_replies(tab).count() if tab.replies else 0
    return CountedTab(tab, number + (get_mails(tab.mails).count() if tab.mails else 0))


def get_warnings() -> Warnings:
    """What staff must know before they work."""
    stopped = Control.objects.filter(name=REPLIES_STOPPED).first()
    return Warnings(
        replies_stopped=str(stopped.value.get("reason") or "staff") if stopped else "",
        stopped_at=stopped.at if stopped else None,
        held_folders=list(Folder.objects.exclude(held="")),
        outgoing=Reply.objects.filter(state__in=OUTGOING).count(),
        mode=settings.ASPOKTATAS.replies,
    )
