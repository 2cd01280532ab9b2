"""The lists of one tab as a page shows them: rows, how many there are, and the addresses of the pages around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from review.counts import CountedTab
from review.listing import Search, find_mails, find_outgoing, find_registrations, find_replies
from review.paging import BY_TIME, COUNTED, MAIL_ORDERS, ORDERS, Order, get_page
from review.rows import mail_rows, registration_rows, reply_rows
from review.tabs import TABS, Tab

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Listed:
    """One list. Where `is_more`, it has more than `total` rows. The pages are queries, "" where there is none."""

    part: str
    rows: Sequence[Any]
    total: int
    is_more: bool
    first: str
    previous: str
    next: str
    last: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another list that holds what was sought: how many, and the query that shows them."""

    tab: Tab
    number: int
    query: str


def get_lists(search: Search, tabs: Sequence[CountedTab]) -> dict[str, Listed]:
    """The tab's lists that have rows, by the name of the part; the numbers of `tabs` are not counted again."""
    tab = search.tab
    words = search.hits.words if search.hits else ()
    found: list[Listed] = []
    if tab.statuses and search.shows("registrations"):
        known = None if tab.mails or search.is_filtered else _number(tabs, tab)
        requests = find_registrations(search), lambda keys: registration_rows(keys, words, tab)
        found.append(_listed("registrations", search, requests, ORDERS[search.sort], known))
    if tab.mails and search.shows("mails") and not search.narrows_requests:
        order = MAIL_ORDERS.get(search.sort, MAIL_ORDERS["oldest"])
        known = None if tab.statuses or search.is_filtered else _number(tabs, tab)
        mails = find_mails(search), lambda keys: mail_rows(keys, words, tab)
        found.append(_listed("mails", search, mails, order, known))
    if tab.replies and search.shows("replies"):
        known = None if search.is_filtered else _number(tabs, tab)
        found.append(_listed("replies", search, (find_replies(search), reply_rows), BY_TIME, known))
    if tab.outgoing and search.shows("outgoing"):
        found.append(_listed("outgoing", search, (find_outgoing(search), reply_rows), BY_TIME, None))
    return {one.part: one for one in found if one.rows}


def find_elsewhere(search: Search) -> list[Elsewhere]:
    """Other lists that hold requests with the words sought; none where there are too many to tell. No query."""
    statuses = search.hits.statuses if search.hits else None
    if statuses is None:
        return []
    numbers = [(tab, sum(statuses.get(one, 0) for one in tab.statuses)) for tab in TABS if not tab.asleep]
    return [Elsewhere(tab, number, search.in_tab(tab)) for tab, number in numbers if number and tab != search.tab]


def _listed(
    part: str,
    search: Search,
    shown: tuple[QuerySet[M], Callable[[Sequence[int]], Sequence[Any]]],
    order: Order,
    known: tuple[int, bool] | None,
) -> Listed:
    """`shown`: the rows, and what loads and dresses those of a page by their keys; `known`: how many there are."""
    rows, load = shown
    page = get_page(rows, order, search.cursor, counted=known is None)
    counted = page.total or 0
    total, is_more = known or (min(counted, COUNTED), counted > COUNTED)
    return Listed(
        part=part,
        rows=load(page.keys),
        total=total,
        is_more=is_more,
        first=search.at(part) if page.has_previous else "",
        previous=search.at(part, before=page.keys[0]) if page.has_previous else "",
        next=search.at(part, after=page.keys[-1]) if page.has_next else "",
        last=search.at(part, end=True) if page.has_next else "",
    )


def _number(tabs: Sequence[CountedTab], tab: Tab) -> tuple[int, bool]:
    found = next(one for one in tabs if one.tab == tab)
    return found.number, found.is_more
