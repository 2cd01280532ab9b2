"""Replay: stored mails decided again with today's rules and data, and what would change. Read-only.

A mail that answered a case is decided in the light of that case as it stood then: the verdict keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models

from registry.directory import extend_catalogue, load_context
from rules.model import Context
from worker.models import Mail
from worker.services.judge import of_headers_only
from worker.services.store import OVERSIZE
from worker.services.thinking import Thinking
from worker.services.verdicts import load_earlier

PERSON_WORDS = ("status", "problems", "notes")
PERSON_VALUES = ("full_name", "municipality", "pir", "county", "email", "modules")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `what` names the word or field (people counted from 1), both sides as text."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """A mail decided again; `changes` is empty where nothing would change, `failure` names an exception."""

    mail_id: int
    changes: tuple[Change, ...] = ()
    failure: str = ""


def decided_mails(since: datetime | None = None, until: datetime | None = None) -> models.QuerySet[Mail]:
    """The mails with a verdict, received from `since` until before `until`, in the order in which they came."""
    rows = Mail.objects.exclude(verdict=None).order_by("id")  # their bytes one by one, for some are large
    rows = rows if since is None else rows.filter(received_at__gte=since)
    return rows if until is None else rows.filter(received_at__lt=until)


def replay(mails: models.QuerySet[Mail], thinking: Thinking, own_addresses: frozenset[str]) -> Iterator[Replayed]:
    """Decide each of `mails` again with today's rules and directories; nothing is written."""
    context = load_context(own_addresses)
    today = replace(thinking, catalogue=extend_catalogue(thinking.catalogue))
    for mail in mails.iterator(chunk_size=100):
        yield replay_one(mail, (today,), context)


def replay_one(mail: Mail, ways: Sequence[Thinking], context: Context) -> Replayed:
    """What the last of `ways` to think says otherwise than the one before it, or, alone, than the ledger."""
    try:
        dumps = [mail.verdict or {}, *(decide_again(mail, thinking, context) for thinking in ways)]
    except Exception as error:  # one bad mail must not end the replay of the others
        return Replayed(mail.pk, failure=type(error).__name__)
    return Replayed(mail.pk, tuple(find_changes(*dumps[-2:])))


def decide_again(mail: Mail, thinking: Thinking, context: Context) -> dict[str, Any]:
    """The verdict on `mail` as dumped, in the light of its case as it stood. Raises what parser and rules raise."""
    earlier = (mail.verdict or {}).get("earlier")
    if earlier:
        context = replace(context, earlier=load_earlier(earlier))
    verdict = thinking.decide(thinking.parse(mail.raw), thinking.catalogue, context)
    return thinking.dump(of_headers_only(verdict) if mail.failure == OVERSIZE else verdict)


def find_changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    """The differences of two dumped verdicts that anybody would notice: evidence and certainty do not count."""
    yield from _compare("kind", before.get("kind"), after.get("kind"))
    yield from _compare("outcomes", before.get("outcomes"), after.get("outcomes"))
    yield from _compare("jegyzo", _inner(before.get("jegyzo"), "status"), _inner(after.get("jegyzo"), "status"))
    people, others = before.get("people") or [], after.get("people") or []
    yield from _compare("people", len(people), len(others))
    for number, (person, other) in enumerate(zip(people, others, strict=False), start=1):
        for word in PERSON_WORDS + PERSON_VALUES:
            yield from _compare(f"person {number}: {word}", _plain(person.get(word)), _plain(other.get(word)))


def _compare(what: str, before: object, after: object) -> Iterator[Change]:
    if _text(before) != _text(after):
        yield Change(what, _text(before), _text(after))


def _text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(sorted(map(str, value)))
    return "" if value is None else str(value)


def _plain(value: object) -> object:
    """A dumped Field, or a list of them, as its bare value."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _inner(value, "value") if isinstance(value, dict) else value


def _inner(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else value
