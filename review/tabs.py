"""The lists of the staff page, in the order of a morning's work."""

from __future__ import annotations

from dataclasses import dataclass

from registry.models import RegistrationStatus as Status
from worker.models import OUTGOING, ReplyState


@dataclass(frozen=True, slots=True)
class Tab:
    """A list: registrations in `statuses`, mails (`manual`, `failed`, `all` or none), replies in `replies`; below
    them, under a heading and not counted, those in `outgoing`."""

    slug: str
    statuses: tuple[str, ...] = ()
    mails: str = ""
    replies: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    newest_first: bool = False


TABS = (
    Tab("ready", statuses=(Status.READY,)),
    Tab("incomplete", statuses=(Status.INCOMPLETE,)),
    Tab("review", statuses=(Status.REVIEW,), mails="manual"),
    Tab("quarantine", mails="failed"),
    Tab("drafts", replies=(ReplyState.DRAFT,), outgoing=OUTGOING),
    Tab("uncertain", replies=(ReplyState.UNCERTAIN, ReplyState.FAILED)),
    Tab("approved", statuses=(Status.APPROVED,)),
    Tab(
        "closed",
        statuses=(Status.EXPORTED, Status.REGISTERED, Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED),
        newest_first=True,
    ),
    Tab("mails", mails="all", newest_first=True),
)
BY_SLUG = {tab.slug: tab for tab in TABS}
FIRST = TABS[0]


def tab_of_status(status: str) -> Tab:
    """The list that holds registrations of this status."""
    return next(tab for tab in TABS if status in tab.statuses)
