"""Retain: how long the ledger keeps what names anybody. Counts what is due, and purges it, a few cases at a time.

A case goes as a whole, when all of it is closed and has been for the days that its statuses ask for. Open work, letters
under way, a mail that waits for a person and a legal hold keep all of it. The figures are counted first: they stay.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from config.privacy import Retention
from registry.models import AcceptedAddress, Registration, RegistrationStatus
from registry.uploads import Upload, UploadState
from rules.model import Kind, Outcome
from worker.clock import database_now
from worker.models import Conversation, Event, Mail, MailState, Reply, ReplyState
from worker.services.purge_mail import forget_requests, purge_mails
from worker.services.record import take_turn
from worker.services.roll_up import keep_days_of

OPEN = (
    RegistrationStatus.READY,
    RegistrationStatus.INCOMPLETE,
    RegistrationStatus.REVIEW,
    RegistrationStatus.APPROVED,
)
UNDER_WAY = (
    *(ReplyState.DRAFT, ReplyState.QUEUED, ReplyState.RETRYING, ReplyState.SENDING),
    *(ReplyState.UNCERTAIN, ReplyState.FAILED),
)
GROUP = 50

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Due:
    """What is due, or was done: mails by what they are, requests by status, files that staff uploaded."""

    mails: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    uploads: int = 0
    addresses: int = 0

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(self.mails.values()) + sum(self.requests.values()) + self.uploads + self.addresses


@dataclass(frozen=True, slots=True)
class _Terms:
    retention: Retention
    now: datetime

    def before(self, days: int) -> datetime:
        """What happened earlier than this is `days` old."""
        return self.now - timedelta(days=days)


def count_due(retention: Retention, now: datetime | None = None) -> Due:
    """The dry run: what `purge` would take out now. Changes nothing."""
    terms = _Terms(retention, now or database_now())
    cases = _due_cases(terms)
    due = Due()
    for name, rows in (("automatic", _due_automatic(terms)), ("other", _due_lone(terms)), ("twin", _due_twins())):
        due.mails[name] = rows.count()
    due.mails["case"] = _mails_of(cases).count()
    statuses = Registration.objects.filter(mail__conversation__in=cases).values_list("status", flat=True)
    for status in statuses.iterator():
        due.requests[status] = due.requests.get(status, 0) + 1
    due.uploads, due.addresses = _due_uploads(terms).count(), _due_addresses(terms).count()
    return due


def count_kept() -> dict[str, int]:
    """How much the ledger holds in all: cases on hold, mails with and without anybody's data."""
    whole, held = Mail.objects.filter(purged_at=None).count(), Conversation.objects.exclude(legal_hold="").count()
    return {"held": held, "mails": whole, "purged": Mail.objects.count() - whole}


def purge(
    retention: Retention, actor: User | None = None, now: datetime | None = None, *, for_s: float = math.inf
) -> Due:
    """Take out what is due for `for_s` seconds, group by group, each in a transaction.

    May be stopped and begun again at any time.
    """
    terms = _Terms(retention, now or database_now())
    done = Due()
    if not count_due(retention, terms.now).total:
        return done
    over = time.monotonic() + for_s
    for name, rows in (("automatic", _due_automatic(terms)), ("other", _due_lone(terms))):
        done.mails[name] = sum(_purge_group(rows, keys) for keys in _groups(rows, over))
    done.mails["case"] = sum(_purge_cases(keys, terms, done) for keys in _groups(_due_cases(terms), over))
    done.mails["twin"] = empty_twins()
    with transaction.atomic():
        done.uploads = _due_uploads(terms).update(data=None, report=None)
        done.addresses = _due_addresses(terms).delete()[0]
        details = {"mails": sum(done.mails.values()), "requests": sum(done.requests.values()), "uploads": done.uploads}
        Event.objects.create(verb="purged", actor=actor, details=details)
    log.info("purged %d mails and %d requests", details["mails"], details["requests"])
    return done


def empty_twins() -> int:
    """Mails that were emptied and came once more are emptied again; that was decided the first time."""
    rows = _due_twins()
    return sum(_purge_group(rows, keys) for keys in _groups(rows, math.inf))


def _groups(rows: QuerySet[Any], over: float) -> Iterator[list[int]]:
    """Keys of due rows, a group at a time, until that monotonic moment; what was done is no longer due."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), GROUP):
        if time.monotonic() > over:
            return
        yield keys[start : start + GROUP]


def _purge_group(rows: QuerySet[Mail], keys: list[int]) -> int:
    """Those that are still among the due `rows` now that nobody else can write: somebody may have taken one up."""
    with transaction.atomic():
        take_turn()
        return _empty(list(rows.filter(pk__in=keys).values_list("pk", flat=True)))


def _empty(mails: list[int]) -> int:
    """Count what is counted from these mails, then empty them."""
    keep_days_of(Mail.objects.filter(pk__in=mails, purged_at__isnull=True))
    return purge_mails(mails)


def _purge_cases(keys: list[int], terms: _Terms, done: Due) -> int:
    """Those of the cases that are still due now that nobody else can write."""
    with transaction.atomic():
        take_turn()
        cases = list(_due_cases(terms).filter(pk__in=keys).values_list("pk", flat=True))
        rows = dict(Registration.objects.filter(mail__conversation__in=cases).values_list("pk", "status"))
        for status in rows.values():
            done.requests[status] = done.requests.get(status, 0) + 1
        mails = list(Mail.objects.filter(conversation__in=cases).values_list("pk", flat=True))
        number = _empty(mails)
        forget_requests(list(rows))
    return number


def _mails_of(cases: QuerySet[Conversation]) -> QuerySet[Mail]:
    return Mail.objects.filter(conversation__in=cases, purged_at__isnull=True)


def _due_automatic(terms: _Terms) -> QuerySet[Mail]:
    """Machines' mails, wherever they belong, unless a person's letter about one has not gone out yet."""
    return _filed(terms, terms.retention.automatic).filter(~_has_letters_under_way(), kind=Kind.AUTOMATIC.value)


def _due_lone(terms: _Terms) -> QuerySet[Mail]:
    """People's mails that belong to no conversation, were dealt with, and brought about no request."""
    rows = _filed(terms, terms.retention.other).exclude(kind=Kind.AUTOMATIC.value)
    requests = Registration.objects.filter(mail=OuterRef("pk"))
    return rows.filter(~_waits(), ~_has_letters_under_way(), ~Exists(requests), conversation__isnull=True)


def _due_twins() -> QuerySet[Mail]:
    """Mails that came once more after theirs was purged: the server renumbered the folder."""
    rows = Mail.objects.filter(state=MailState.FILED, purged_at__isnull=True, twin_of__purged_at__isnull=False)
    return rows.filter(~_has_letters_under_way())


def _filed(terms: _Terms, days: int) -> QuerySet[Mail]:
    rows = Mail.objects.filter(state=MailState.FILED, purged_at__isnull=True, stored_at__lt=terms.before(days))
    return rows.exclude(conversation__legal_hold__gt="") if days else rows.none()


def _has_letters_under_way() -> Exists:
    """A letter about the mail may still go out: with its bytes gone it would go out empty."""
    return Exists(Reply.objects.filter(mail=OuterRef("pk"), state__in=UNDER_WAY))


def _waits() -> Q:
    """A mail that needs a person and had none yet."""
    words = Cast("outcomes", TextField())
    rows = Mail.objects.filter(pk=OuterRef("pk"), handling__isnull=True, twin_of__isnull=True).alias(words=words)
    of_mail = Registration.objects.filter(mail=OuterRef("pk"))
    for_staff = Q(words__contains=f'"{Outcome.REVIEW}"') & ~Exists(of_mail)
    return Q(Exists(rows.filter(Q(kind=Kind.OTHER.value) | for_staff)))


def _due_cases(terms: _Terms) -> QuerySet[Conversation]:
    """Cases that are closed in every part, for long enough."""
    mine = OuterRef("pk")
    days = terms.retention.by_status
    requests = Registration.objects.filter(mail__conversation=mine)
    mails = Mail.objects.filter(conversation=mine)
    people = mails.exclude(kind=Kind.AUTOMATIC.value)
    letters = Reply.objects.filter(mail__conversation=mine)
    limits = [number for number in days.values() if number]
    last = terms.before(min(limits)) if limits else None
    other = terms.before(terms.retention.other) if terms.retention.other else None
    without, with_requests = Q(pk__in=[]), Q(pk__in=[])
    if other is not None:
        without = Q(~Exists(requests), ~Exists(people.filter(stored_at__gte=other)))
        without &= Q(~Exists(letters.filter(created_at__gte=other)))
    if last is not None:
        with_requests = Q(Exists(requests), ~Exists(people.filter(stored_at__gte=last)))
        with_requests &= Q(~Exists(letters.filter(created_at__gte=last)))
    rows = Conversation.objects.filter(without | with_requests, legal_hold="")
    rows = rows.filter(Exists(people.filter(purged_at__isnull=True)))
    for status, number in days.items():
        of_status = requests.filter(status=status)
        rows = rows.exclude(Exists(of_status.filter(updated_at__gte=terms.before(number)) if number else of_status))
    return rows.exclude(
        Exists(requests.filter(status__in=OPEN))
        | Exists(mails.exclude(state=MailState.FILED))
        | Exists(mails.filter(_waits()))
        | Exists(letters.filter(state__in=UNDER_WAY))
    )


def _due_uploads(terms: _Terms) -> QuerySet[Upload]:
    """Staff's files of people, whose report nobody needs any more."""
    days = terms.retention.automatic
    rows = Upload.objects.filter(at__lt=terms.before(days)).exclude(data=None, report=None)
    return rows.exclude(state=UploadState.PLANNED) if days else rows.none()


def _due_addresses(terms: _Terms) -> QuerySet[AcceptedAddress]:
    """Addresses that staff accepted for a request that is long over."""
    days = terms.retention.registered
    used = Registration.objects.filter(email__iexact=OuterRef("address"))
    rows = AcceptedAddress.objects.filter(~Exists(used), at__lt=terms.before(days))
    return rows if days else rows.none()
