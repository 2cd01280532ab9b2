"""The numbers on the tabs and the warnings above the lists: a fixed number of small queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count

from registry.models import Registration
from review.tabs import TABS, Tab
from review.waiting import get_mails, get_replies
from worker.models import OUTGOING, Control, Folder, Reply
from worker.services.controls import REPLIES_STOPPED


@dataclass(frozen=True, slots=True)
class CountedTab:
    """A tab with the number of rows in it."""

    tab: Tab
    number: int


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
    statuses = dict(Registration.objects.values_list("status").annotate(Count("pk")).order_by())
    return [
        CountedTab(
            tab,
            sum(statuses.get(status, 0) for status in tab.statuses)
            + (get_replies(tab).count() if tab.replies else 0)
            + (get_mails(tab.mails).count() if tab.mails else 0),
        )
        for tab in TABS
    ]


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
