"""What a list shows: the search a person made, and the rows it finds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from registry.folding import alike
from registry.models import Registration
from registry.search import Hits, find_hits, of_mails, of_requests
from registry.words import words_of
from review.narrowing import (
    AGES,
    MINE,
    NOBODY,
    asleep,
    awake,
    in_statuses,
    of_age,
    of_kind,
    of_person,
    with_account,
    with_problem,
)
from review.paging import BEGINNING, ORDERS, Cursor, next_to
from review.tabs import BY_SLUG, FIRST, Tab
from review.waiting import get_mails, get_replies
from rules.catalogue import Catalogue
from rules.model import Note, Problem
from worker.models import Mail, Reply

LONGEST = 200
PARTS = ("registrations", "mails", "replies", "outgoing")
CODES = frozenset({*Problem, *Note})
_KEY = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Search:
    """One list with its filters; what a link carries. Unknown values in an address are ignored.

    `who` is "me", "none" or a person's key, `person` who "me" is. `part` names that of the tab's lists which
    `cursor` pages through; it is shown alone.
    """

    tab: Tab = FIRST
    words: str = ""
    county: str = ""
    module: str = ""
    age: str = ""
    who: str = ""
    problem: str = ""
    account: str = ""
    sort: str = "oldest"
    part: str = ""
    cursor: Cursor = BEGINNING
    person: int = 0

    @classmethod
    def from_query(cls, query: QueryDict, catalogue: Catalogue, person: int = 0) -> Search:
        """The search in a request's address."""
        tab = BY_SLUG.get(query.get("tab", ""), FIRST)
        part = _among(query.get("part", ""), PARTS)
        cursor = Cursor(_key(query.get("after")), _key(query.get("before")), query.get("end") == "1")
        who = query.get("who", "")
        return cls(
            tab=tab,
            words=query.get("q", "").replace("\0", "").strip()[:LONGEST],
            county=_among(query.get("county", ""), catalogue.counties),
            module=_among(query.get("module", ""), {one.id for one in catalogue.modules}),
            age=_among(query.get("age", ""), AGES),
            who=who if who in {MINE, NOBODY} or _KEY.fullmatch(who) else "",
            problem=_among(query.get("problem", ""), CODES) if tab.work else "",
            account=_among(query.get("account", ""), ("yes", "no")) if tab.work else "",
            sort=_among(query.get("sort", ""), ORDERS) or _usual(tab),
            part=part,
            cursor=cursor if part else BEGINNING,
            person=person,
        )

    @cached_property  # each row of a list asks for it
    def query(self) -> str:
        """The search as an address's query, its page too, without what is usual."""
        cursor = self.cursor
        place = {"part": self.part, "after": cursor.after, "before": cursor.before, "end": int(cursor.end)}
        return urlencode({name: value for name, value in (self._pairs | place).items() if value})

    @property
    def view(self) -> str:
        """The search from its first page: what is saved, and where other lists begin."""
        return urlencode({name: value for name, value in self._pairs.items() if value})

    @property
    def _pairs(self) -> dict[str, str | int]:
        return {
            "tab": self.tab.slug,
            "q": self.words,
            "county": self.county,
            "module": self.module,
            "age": self.age,
            "who": self.who,
            "problem": self.problem,
            "account": self.account,
            "sort": "" if self.sort == _usual(self.tab) else self.sort,
        }

    @property
    def is_filtered(self) -> bool:
        """Whether the list shows less than the whole tab."""
        return bool(self.words) or self.narrows_requests

    @property
    def narrows_requests(self) -> bool:
        """Whether a filter is set that only requests can meet."""
        return bool(self.county or self.module or self.age or self.who or self.problem or self.account)

    @cached_property
    def hits(self) -> Hits | None:
        """What holds the words; None where none are sought. Found once."""
        return find_hits(words_of(self.words)) if self.words else None

    def at(self, part: str, **place: int | bool) -> str:
        """The query of another page of one of the lists."""
        return replace(self, part=part, cursor=Cursor(**place)).query  # type: ignore[arg-type]  # names of Cursor

    def in_tab(self, tab: Tab) -> str:
        """The query of the same words in another list."""
        return Search(tab=tab, words=self.words, sort=_usual(tab)).view

    def shows(self, part: str) -> bool:
        """Whether this of the tab's lists is to be shown."""
        return self.part in {"", part}


def find_registrations(search: Search) -> QuerySet[Registration]:
    """The tab's registrations as filtered, in no order."""
    rows = asleep() if search.tab.asleep else in_statuses(search.tab.statuses)
    if search.tab.work and not search.tab.asleep:
        rows = rows.filter(awake())
    if search.county or search.module:
        rows = of_kind(rows, search.county, search.module)
    if search.age:
        rows = of_age(rows, search.age)
    if search.who:
        rows = of_person(rows, search.who, search.person)
    if search.problem:
        rows = with_problem(rows, search.problem)
    if search.account:
        rows = with_account(rows, has=search.account == "yes")
    return _that_hold(rows, search)


def _that_hold(rows: QuerySet[Registration], search: Search) -> QuerySet[Registration]:
    if search.hits is None:
        return rows
    return rows.filter(of_requests(search.hits)) if search.hits.words else rows.none()


def find_mails(search: Search) -> QuerySet[Mail]:
    """The tab's mails as filtered, in no order."""
    rows = get_mails(search.tab.mails)
    if search.hits is None:
        return rows
    return rows.filter(of_mails(search.hits)) if search.hits.words else rows.none()


def find_replies(search: Search) -> QuerySet[Reply]:
    """The tab's replies as filtered, in no order."""
    return _letters_with(get_replies(search.tab), search)


def find_outgoing(search: Search) -> QuerySet[Reply]:
    """The replies of the tab that go out by themselves, as filtered, in no order."""
    return _letters_with(Reply.objects.filter(state__in=search.tab.outgoing), search)


def _letters_with(rows: QuerySet[Reply], search: Search) -> QuerySet[Reply]:
    """Letters that hold the words, or that answer a mail which does."""
    if search.hits is None:
        return rows
    every_word = Q()
    for word in search.words.split():
        every_word &= Q(subject__iregex=alike(word)) | Q(text__iregex=alike(word))
    return rows.filter(every_word | of_mails(search.hits, "mail") if search.hits.words else every_word)


def neighbours(search: Search, pk: int) -> tuple[int | None, int | None]:
    """The registrations before and after `pk` in the list a person works through."""
    if not search.tab.statuses:
        return None, None
    return next_to(find_registrations(search), ORDERS[search.sort], pk)


def _usual(tab: Tab) -> str:
    return "newest" if tab.newest_first else "oldest"


def _among(value: str, known: object) -> str:
    return value if value in known else ""  # type: ignore[operator]  # any container of texts


def _key(value: str | None) -> int:
    return int(value) if value and _KEY.fullmatch(value) else 0
