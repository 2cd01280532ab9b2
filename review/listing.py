"""What a list shows: the search a person made, and the rows it finds. A fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast
from urllib.parse import urlencode

from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat
from django.http import QueryDict

from registry.folding import Folded, fold
from registry.models import Registration, RegistrationStatus
from review.tabs import BY_SLUG, FIRST, Tab
from review.waiting import get_mails, get_replies
from rules.catalogue import Catalogue
from worker.models import Event, Mail, Reply

PAGE_SIZE = 50
WORK_LIST_SIZE = 1000  # how far "next case" looks ahead
WORDS_LIMIT = 8
SORTS: dict[str, tuple[Any, ...]] = {
    "oldest": ("created_at", "pk"),
    "newest": ("-created_at", "-pk"),
    "name": (Folded("full_name"), "pk"),
    "municipality": (Folded("municipality"), "pk"),
}
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Search:
    """One list with its filters; what a link carries. Unknown values in an address are ignored."""

    tab: Tab = FIRST
    words: str = ""
    county: str = ""
    module: str = ""
    sort: str = "oldest"
    page: int = 1

    @classmethod
    def from_query(cls, query: QueryDict, catalogue: Catalogue) -> Search:
        """The search in a request's address."""
        tab = BY_SLUG.get(query.get("tab", ""), FIRST)
        county = query.get("county", "")
        module = query.get("module", "")
        page = query.get("page", "")
        sort = query.get("sort", "")
        default = "newest" if tab.newest_first else "oldest"
        return cls(
            tab=tab,
            words=query.get("q", "").replace("\0", "").strip()[:200],
            county=county if county in catalogue.counties else "",
            module=module if module in {one.id for one in catalogue.modules} else "",
            sort=sort if sort in SORTS else default,
            page=min(max(int(page), 1), 100_000) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    @property
    def query(self) -> str:
        """The search as an address's query, without what is usual."""
        usual = "newest" if self.tab.newest_first else "oldest"
        pairs = {
            "tab": self.tab.slug,
            "q": self.words,
            "county": self.county,
            "module": self.module,
            "sort": "" if self.sort == usual else self.sort,
            "page": str(self.page) if self.page > 1 else "",
        }
        return urlencode({name: value for name, value in pairs.items() if value})

    @property
    def is_filtered(self) -> bool:
        """Whether the list shows less than the whole tab."""
        return bool(self.words or self.county or self.module)

    def on_page(self, page: int) -> str:
        """The query of another page of the same list."""
        return replace(self, page=page).query


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """The rows of a page, and whether there are more after it."""

    rows: list[M]
    has_next: bool


def get_page(rows: QuerySet[M], search: Search) -> Page[M]:
    """The page that `search` asks for, with one query."""
    start = (search.page - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE + 1])
    return Page(found[:PAGE_SIZE], len(found) > PAGE_SIZE)


def find_registrations(search: Search) -> QuerySet[Registration]:
    """The tab's registrations as filtered and sorted; with their mail, without its bulk."""
    rows = Registration.objects.filter(status__in=search.tab.statuses)
    if search.county:
        rows = rows.filter(county=search.county)
    if search.module:
        rows = rows.filter(modules__contains=search.module)
    rows = with_words(
        rows, search.words, "full_name", "municipality", "email", "pir", "county", "mail__subject", "mail__sender"
    )
    rows = rows.select_related("mail", "reviewer").defer("mail__verdict", "mail__trace", "evidence", "suggestions")
    if RegistrationStatus.INCOMPLETE in search.tab.statuses:
        rows = rows.annotate(reply_state=_latest_reply())
    if RegistrationStatus.REVIEW in search.tab.statuses:
        doubles = Event.objects.filter(registration=OuterRef("pk"), verb="same_request")
        rows = rows.annotate(is_double=Exists(doubles))
    return rows.order_by(*SORTS[search.sort])


def _latest_reply() -> Coalesce:
    """The state of our last letter in the request's conversation, or about its mail alone."""
    letters = Reply.objects.order_by("-pk").values("state")
    talk = letters.filter(mail__conversation=OuterRef("mail__conversation"))[:1]
    return Coalesce(
        Subquery(talk, output_field=CharField()),
        Subquery(letters.filter(mail=OuterRef("mail"))[:1], output_field=CharField()),
    )


def find_mails(search: Search) -> QuerySet[Mail]:
    """The tab's mails as filtered, oldest or newest first."""
    rows = get_mails(search.tab.mails).defer("verdict", "trace").select_related("handling")
    if search.tab.mails == "manual":
        decided = Event.objects.filter(mail=OuterRef("pk"), verb="decided").order_by("-pk")
        rows = rows.annotate(withheld=Subquery(decided.values(word=KeyTextTransform("withheld", "details"))[:1]))
    rows = with_words(rows, search.words, "subject", "sender")
    return rows.order_by("-received_at", "-pk") if search.sort == "newest" else rows.order_by("received_at", "pk")


def find_replies(search: Search) -> QuerySet[Reply]:
    """The tab's replies as filtered, oldest first."""
    rows = get_replies(search.tab).select_related("mail", "author").defer("data", "mail__verdict", "mail__trace")
    return with_words(rows, search.words, "subject", "text", "mail__sender").order_by("created_at", "pk")


def find_outgoing(search: Search) -> QuerySet[Reply]:
    """The replies of the tab that go out by themselves, as filtered, oldest first."""
    rows = Reply.objects.filter(state__in=search.tab.outgoing).defer("data")
    return with_words(rows, search.words, "subject", "text", "mail__sender").order_by("created_at", "pk")


def neighbours(search: Search, pk: int) -> tuple[int | None, int | None]:
    """The registrations before and after `pk` in the list a person works through; (None, None) where it is not."""
    ids = list(find_registrations(search).values_list("pk", flat=True)[:WORK_LIST_SIZE])
    if pk not in ids:
        return None, ids[0] if ids else None
    place = ids.index(pk)
    return ids[place - 1] if place else None, ids[place + 1] if place + 1 < len(ids) else None


def with_words(rows: QuerySet[M], text: str, *columns: str) -> QuerySet[M]:
    """Only rows that have every word of `text` somewhere in `columns`, whatever accents and capitals."""
    words = fold(text).split()[:WORDS_LIMIT]
    if not words:
        return rows
    pieces = [piece for column in columns for piece in (F(column), Value(" "))]
    every_word = Q()
    for one in words:
        every_word &= Q(haystack__contains=one)
    return cast("QuerySet[M]", rows.alias(haystack=Folded(Concat(*pieces))).filter(every_word))
