"""What Prometheus is told: read from the ledger at every scrape, so that all processes speak with one voice.

Every name has a help text; no label holds anybody's data. The counts by state are of all rows; `…_lately` are of the
last hour, among the newest rows (NEWEST): a scrape costs the same however large the ledger has grown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Model, QuerySet
from django.db.models.functions import Now
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from config.accounts import Account
from registry.models import Registration
from registry.portal import PortalResult
from worker.clock import database_now
from worker.models import Control, Event, Folder, Mail, Reply
from worker.services.controls import ALARM, HEARTBEAT, TOKENS, tokens_failing_since
from worker.services.mailboxes import mails_of
from worker.services.status import StatusReport, get_status

LATELY = timedelta(hours=1)
NEWEST = 5000  # rows of a table that may be of the last hour
STEPS: dict[str, tuple[type[Mail | Reply], str, str]] = {  # step → (rows, from, to)
    "store": (Mail, "received_at", "stored_at"),
    "decide": (Mail, "stored_at", "decided_at"),
    "file": (Mail, "decided_at", "filed_at"),
    "deliver": (Reply, "created_at", "sent_at"),
}


class LedgerCollector(Collector):
    """Reads the ledger; raises django.db.DatabaseError where it cannot."""

    def __init__(self, replies: str, per_hour: int, version: str, accounts: Sequence[Account] = ()) -> None:
        """`replies` is the configured mode, `per_hour` the breaker's limit (0: none), `accounts` what is watched."""
        self._replies = replies
        self._per_hour = per_hour
        self._version = version
        self._accounts = accounts

    def collect(self) -> Iterator[Metric]:
        """Every metric, measured now."""
        now = database_now()
        status = get_status(self._accounts)
        yield InfoMetricFamily(
            "aspoktatas", "The product that runs.", {"version": self._version, "replies": self._replies}
        )
        yield from _states(status)
        yield from _work(status)
        yield from _folders(now)
        yield from _mailboxes(self._accounts)
        yield from _signs_of_life(now)
        yield from _tokens(now)
        yield _alarms()
        yield from self._breaker(status)
        yield _counted("replies_by_outcome", "Replies by kind and state.", Reply.objects.all(), "kind", "state")
        handed = PortalResult.objects.filter(for_real=True)
        yield _counted("portal_results", "People in hand-overs by the portal's web service.", handed, "state")
        recent = _newest(Event).filter(at__gt=now - LATELY)
        yield _counted("events_lately", "What happened in the last hour, by its verb.", recent, "verb")
        arrived = _newest(Mail).filter(stored_at__gt=now - LATELY)
        yield _counted("mails_lately", "Mails taken in during the last hour, by kind.", arrived, "kind")
        yield from _steps(now)

    def _breaker(self, status: StatusReport) -> Iterator[Metric]:
        yield _one("replies_stopped", "1 while all replies are stopped, by the breaker or by a person.",
                   float(bool(status.replies_stopped)))  # fmt: skip
        started = Reply.objects.filter(data_started_at__gt=Now() - LATELY, author__isnull=True).count()
        yield _one(
            "replies_started_lately", "The worker's own replies of the last hour: what the breaker counts.", started
        )
        yield _one("replies_per_hour_limit", "The breaker's limit (0: none).", self._per_hour)
        decided = _newest(Event).filter(verb="decided", at__gt=Now() - LATELY)
        withheld = decided.filter(details__withheld__startswith="budget_")
        yield _one("replies_withheld_lately", "Replies of the last hour that a budget held back.", withheld.count())


def _states(status: StatusReport) -> Iterator[Metric]:
    tables = {"mails": status.mails, "registrations": status.registrations, "replies": status.replies}
    for name, counts in tables.items():
        family = _gauge(name, f"Number of {name} by state.", "state")
        for state, number in counts.items():
            family.add_metric([state], number)
        yield family


def _work(status: StatusReport) -> Iterator[Metric]:
    yield _one("pending", "Mails to decide or file and replies to send.", status.pending)
    yield _one("oldest_pending_seconds", "Seconds that the oldest of them has waited.", status.oldest_pending_s)
    yield _one("quarantine", "Mails that could not be processed and wait for a person.", status.mails["failed"])
    yield _one("replies_uncertain", "Replies that may or may not have gone out; a person decides.",
               status.replies["uncertain"])  # fmt: skip
    yield _one("mails_missing", "Mails of the watched folders that the ledger does not hold yet.", status.missing)
    waiting = Registration.objects.filter(status__in=["ready", "review"])
    yield _one("registrations_waiting_for_staff", "Requests that a person has to decide.", waiting.count())


def _mailboxes(accounts: Sequence[Account]) -> Iterator[Metric]:
    mails = _gauge("mailbox_mails", "Mails of each mailbox by state.", "mailbox", "state")
    replies = _gauge("mailbox_replies", "Replies to the mails of each mailbox by state.", "mailbox", "state")
    for account in accounts:
        tables = ((mails, Mail.objects.all(), "mailbox"), (replies, Reply.objects.all(), "mail__mailbox"))
        for family, rows, column in tables:
            mine = rows.filter(mails_of(account, accounts, column))
            for state, number in mine.values_list("state").annotate(number=Count("pk")).order_by():
                family.add_metric([account.mailbox, state], number)
    yield from (mails, replies)


def _folders(now: datetime) -> Iterator[Metric]:
    polled = _gauge(
        "last_poll_age_seconds", "Seconds since the folder was last polled to the end.", "folder", "mailbox"
    )
    compared = _gauge(
        "last_comparison_age_seconds",
        "Seconds since the folder was last compared with the ledger as a whole.",
        "folder",
        "mailbox",
    )
    held = _gauge("folder_held", "1 while replies to the folder's mails wait for a person.", "folder", "mailbox")
    for folder in Folder.objects.all():
        label = [f"{folder.pk}:{folder.name}", folder.mailbox]
        for family, moment in ((polled, folder.polled_at), (compared, folder.compared_at)):
            if moment:
                family.add_metric(label, max(0.0, (now - moment).total_seconds()))
        held.add_metric(label, float(bool(folder.held)))
    yield from (polled, compared, held)


def _signs_of_life(now: datetime) -> Iterator[Metric]:
    family = _gauge("heartbeat_age_seconds", "Seconds since a process of this name made progress.", "process")
    ages: dict[str, float] = {}
    for control in Control.objects.filter(name__startswith=HEARTBEAT):
        name = control.name.removeprefix(HEARTBEAT).partition(":")[0]
        ages[name] = min(ages.get(name, float("inf")), max(0.0, (now - control.at).total_seconds()))
    for name, age in sorted(ages.items()):
        family.add_metric([name], age)
    yield family


def _tokens(now: datetime) -> Iterator[Metric]:
    family = _gauge("token_expires_in_seconds", "Seconds until the access token of a server ends.", "server")
    for row in Control.objects.filter(name__startswith=TOKENS):
        if row.value["expires_at"]:
            ends = datetime.fromisoformat(row.value["expires_at"])
            family.add_metric([row.name.removeprefix(TOKENS)], (ends - now).total_seconds())
    yield family
    failing = float(tokens_failing_since() is not None)
    yield _one("token_failing", "1 while an access token cannot be renewed.", failing)


def _alarms() -> Metric:
    family = _gauge("alarm", "1 while the alarm lasts.", "alarm")
    for row in Control.objects.filter(name__startswith=ALARM):
        family.add_metric([row.name.removeprefix(ALARM)], float(not row.value.get("over")))
    return family


def _steps(now: datetime) -> Iterator[Metric]:
    mean = _gauge("step_mean_seconds", "Mean seconds that a step took, over the last hour.", "step")
    longest = _gauge("step_max_seconds", "Most seconds that a step took, over the last hour.", "step")
    for step, (model, start, end) in STEPS.items():
        took = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
        rows = _newest(model).filter(**{f"{end}__gt": now - LATELY}).annotate(took=took)
        found = rows.aggregate(mean=Avg("took"), longest=Max("took"))
        if found["mean"] is not None:
            mean.add_metric([step], max(0.0, found["mean"].total_seconds()))
            longest.add_metric([step], max(0.0, found["longest"].total_seconds()))
    yield from (mean, longest)


def _newest(model: type[Mail | Reply | Event]) -> QuerySet[Any]:
    """The newest rows by their key: no index on the moments is needed, and large rows of old are not read."""
    last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    return model._default_manager.filter(pk__gt=last - NEWEST)


def _gauge(name: str, explained: str, *labels: str) -> GaugeMetricFamily:
    """Times are in seconds and called so; everything else is a number of things, or 1 while something is the case."""
    return GaugeMetricFamily(f"aspoktatas_{name}", explained, labels=labels, unit="seconds" * name.endswith("_seconds"))


def _one(name: str, explained: str, value: float) -> Metric:
    family = _gauge(name, explained)
    family.add_metric([], value)
    return family


def _counted(name: str, explained: str, rows: QuerySet[Model], *columns: str) -> Metric:
    family = _gauge(name, explained, *columns)
    for row in rows.values_list(*columns).annotate(number=Count("pk")).order_by():
        family.add_metric([str(one) for one in row[:-1]], row[-1])
    return family
