"""The numbers on the tabs and the warnings above the lists: five small queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from registry.models import Registration
from registry.services.stop_replies import SWITCH
from review.listing import MANUAL
from review.tabs import TABS, Tab
from worker.models import Control, Folder, Mail, MailState, Reply


@dataclass(frozen=True, slots=True)
class CountedTab:
    """A tab with the number of rows in it."""

    tab: Tab
    number: int


@dataclass(frozen=True, slots=True)
class Warnings:
    """Why replies wait: the switch's reason ("" where it is not thrown), folders held back."""

    replies_stopped: str
    held_folders: list[Folder]


def count_tabs() -> list[CountedTab]:
    """Every tab with its number."""
    statuses = dict(Registration.objects.values_list("status").annotate(Count("pk")).order_by())
    states = dict(Reply.objects.values_list("state").annotate(Count("pk")).order_by())
    mails = Mail.objects.aggregate(
        manual=Count("pk", filter=MANUAL), failed=Count("pk", filter=Q(state=MailState.FAILED)), all=Count("pk")
    )
    return [
        CountedTab(
            tab,
            sum(statuses.get(status, 0) for status in tab.statuses)
            + sum(states.get(state, 0) for state in tab.replies)
            + mails.get(tab.mails, 0),
        )
        for tab in TABS
    ]


def get_warnings() -> Warnings:
    """What staff must know before they work."""
    stopped = Control.objects.filter(name=SWITCH).first()
    return Warnings(
        replies_stopped=str(stopped.value.get("reason") or "staff") if stopped else "",
        held_folders=list(Folder.objects.exclude(held="")),
    )
