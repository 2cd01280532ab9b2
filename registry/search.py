"""Which rows hold certain words, by the databases' own indexes of words (registry.search_schema).

A word of three letters and more is the beginning of one; a shorter one is so in the fields of a request, and a whole
word in the text of a mail (two thirds of all mails hold some word that begins with "ke").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL

from registry.models import Registration
from registry.one_of import these
from registry.search_schema import MAILS, REQUESTS

FEW = 900  # named one by one up to here; above, the database compares the sets
MANY = 10_000  # above, SQLite would take longer to make its own set than to ask ours about each row it comes by
SOUGHT = "aspoktatas_sought"
SHORT = 2
_HOLDS = "registry_registration.words @@ %s::tsquery"
_SAID = """EXISTS (SELECT 1 FROM worker_mailtext said
    WHERE said.mail_id = registry_registration.mail_id AND said.words @@ %s::tsquery)"""


@dataclass(frozen=True, slots=True)
class Hits:
    """What holds every one of `words`: keys of requests by their own fields, keys of mails by what they say.

    None where they are more than FEW. Where the mails are, PostgreSQL names those requests alone whose mail does not
    say the words. `opened` are the mails of the requests. `statuses` says how many requests are meant by status, None
    where either are too many to tell. `many` are the mails where SQLite is asked and they are more than MANY.
    """

    words: tuple[str, ...]
    requests: tuple[int, ...] | None = ()
    opened: tuple[int, ...] = ()
    mails: tuple[int, ...] | None = ()
    statuses: Mapping[str, int] | None = None
    many: frozenset[int] = frozenset()


def find_hits(words: Sequence[str]) -> Hits:
    """Three queries, whatever they find; of no words, nothing."""
    if not words:
        return Hits(())
    requests = find_requests(words)
    mails, many = _mails(_mail_query(words))
    is_known = requests is not None and mails is not None
    own, their = set(requests or ()), (mails or ()) if is_known else ()
    rows = Registration.objects.filter(Q(pk__in=these(own)) | Q(mail__in=these(their)))
    if mails is None and connection.vendor == "postgresql":  # it reads every mail where "or" stands before the set
        rows = rows.exclude(RawSQL(_SAID, [_mail_query(words)], output_field=BooleanField()))  # noqa: S611
    found = list(rows.values_list("pk", "mail_id", "status"))
    opened = {mail for key, mail, _ in found if key in own}
    statuses = Counter(status for key, mail, status in found if key in own or mail not in opened)
    named = requests and tuple(key for key, _, _ in found if key in own)
    return Hits(tuple(words), named, tuple(opened), mails, statuses if is_known else None, many)


def find_requests(words: Sequence[str]) -> tuple[int, ...] | None:
    """The requests whose own fields hold the words; None where they are more than FEW."""
    return _few(_request_sql(), _request_query(words))


def by_words(rows: QuerySet[Registration], words: Sequence[str]) -> QuerySet[Registration]:
    """`rows` by the index of words, where all that are sought have `words` in their fields and that is the shorter way.

    PostgreSQL weighs that by itself; SQLite, without statistics, is given the keys where they are few.
    """
    if connection.vendor == "postgresql":
        holds = RawSQL(_HOLDS, [_request_query(words)], output_field=BooleanField())  # noqa: S611
        return rows.filter(holds)
    few = find_requests(words)
    return rows if few is None else rows.filter(pk__in=these(few))


def of_requests(hits: Hits) -> Q:
    """The requests that hold the words, or whose mail does; of a mail with many people only those meant, if any."""
    if hits.requests is not None and hits.mails is not None:
        return Q(pk__in=these(hits.requests)) | Q(mail__in=these(sorted(set(hits.mails) - set(hits.opened))))
    if hits.requests is None and hits.mails is None:  # such words stand in the mails that the fields were read from
        return _in_mails(hits, "mail")
    return Q(pk__in=_request_set(hits)) | _in_mails(hits, "mail")


def of_mails(hits: Hits, prefix: str = "") -> Q:
    """The mails that hold the words, in themselves or in their requests; `prefix` is the column that names the mail."""
    column = prefix or "pk"
    if hits.mails is not None:
        return Q(**{f"{column}__in": these((*hits.mails, *hits.opened))})
    return _in_mails(hits, column) | Q(**{f"{column}__in": hits.opened})


def _request_set(hits: Hits) -> RawSQL | tuple[int, ...]:
    if hits.requests is not None:
        return hits.requests
    return RawSQL(_request_sql(), [_request_query(hits.words)])  # noqa: S611  # a text of ours with a parameter


def _mail_set(hits: Hits) -> RawSQL | tuple[int, ...]:
    if hits.mails is not None:
        return hits.mails
    return RawSQL(_mail_sql(), [_mail_query(hits.words)])  # noqa: S611


def _in_mails(hits: Hits, column: str) -> Q:
    if not hits.many:
        return Q(**{f"{column}__in": _mail_set(hits)})
    connection.ensure_connection()
    connection.connection.create_function(SOUGHT, 1, hits.many.__contains__)
    return Q(Func(F(column), function=SOUGHT, output_field=BooleanField()))


def _mails(query: str) -> tuple[tuple[int, ...] | None, frozenset[int]]:
    """The keys where they are few, and on SQLite where they are many; all from one run of the query."""
    if connection.vendor != "sqlite":
        return _few(_mail_sql(), query), frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_mail_sql(), [query])
        begun = cursor.fetchmany(FEW + 1)
        if len(begun) <= FEW:
            return tuple(key for (key,) in begun), frozenset()
        begun += cursor.fetchmany(MANY - FEW)
        if len(begun) <= MANY:
            return None, frozenset()
        return None, frozenset(key for (key,) in chain(begun, cursor.fetchall()))


def _few(sql: str, query: str) -> tuple[int, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {FEW + 1}", [query])
        rows = tuple(int(key) for (key,) in cursor.fetchall())
    return rows if len(rows) <= FEW else None


def _request_sql() -> str:
    if connection.vendor == "sqlite":
        return f"SELECT rowid FROM {REQUESTS} WHERE {REQUESTS} MATCH %s"  # noqa: S608  # names of ours
    return "SELECT id FROM registry_registration WHERE words @@ %s::tsquery"


def _mail_sql() -> str:
    if connection.vendor == "sqlite":
        return f"SELECT rowid FROM {MAILS} WHERE {MAILS} MATCH %s"  # noqa: S608
    return "SELECT mail_id FROM worker_mailtext WHERE words @@ %s::tsquery"


def _request_query(words: Sequence[str]) -> str:
    return _query([(word, True) for word in words])


def _mail_query(words: Sequence[str]) -> str:
    return _query([(word, len(word) > SHORT) for word in words])


def _query(words: Sequence[tuple[str, bool]]) -> str:
    """In the database's own language; words are letters and digits only (registry.words), so nothing can be meant."""
    if connection.vendor == "sqlite":
        return " AND ".join(f'"{word}"{"*" * begins}' for word, begins in words)
    return " & ".join(f"'{word}'{':*' * begins}" for word, begins in words)
