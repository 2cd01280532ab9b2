"""The lists of the staff page, in the order of a morning's work."""

from __future__ import annotations

from dataclasses import dataclass

from registry.models import CLOSED
from registry.models import RegistrationStatus as Status
from worker.models import OUTGOING, ReplyState

SNOOZABLE = (Status.READY, Status.INCOMPLETE, Status.REVIEW, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Tab:
    """A list: registrations in `statuses`, mails (`manual`, `failed`, `all` or none), replies in `replies`; below
    them, under a heading and not counted, those in `outgoing`.

    A list of `work` shows no request that is put aside and is counted exactly; `asleep` shows those alone. One of
    the others grows for ever: it is counted up to a bound. `on_demand`: not among the tabs while it is empty.
    """

    slug: str
    statuses: tuple[str, ...] = ()
    mails: str = ""
    replies: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    newest_first: bool = False
    work: bool = True
    asleep: bool = False
    on_demand: bool = False


TABS = (
    Tab("ready", statuses=(Status.READY,)),
    Tab("incomplete", statuses=(Status.INCOMPLETE,)),
    Tab("review", statuses=(Status.REVIEW,), mails="manual"),
    Tab("quarantine", mails="failed"),
    Tab("drafts", replies=(ReplyState.DRAFT,), outgoing=OUTGOING),
    Tab("uncertain", replies=(ReplyState.UNCERTAIN, ReplyState.FAILED)),
    Tab("approved", statuses=(Status.APPROVED,)),
    Tab("snoozed", statuses=SNOOZABLE, asleep=True, on_demand=True),
    Tab("closed", statuses=CLOSED, newest_first=True, work=False),
    Tab("mails", mails="all", newest_first=True, work=False),
)
BY_SLUG = {tab.slug: tab for tab in TABS}
FIRST = TABS[0]


def tab_of_status(status: str) -> Tab:
    """The list that holds registrations of this status."""
    return next(tab for tab in TABS if status in tab.statuses)
