"""`aspoktatas status`: the state of everything in one look."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from worker.management.command import CommandParser, OperatorCommand
from worker.services.status import MailboxStatus, StatusReport, get_status, is_alive


class Command(OperatorCommand):
    """Prints counts by state, the age of the oldest pending work and whether the watcher lives."""

    help = "Counts by state, age of the oldest pending work, when the watcher last proved itself alive."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for machines, `--alive` for containers."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--alive",
            metavar="NAME",
            help="print nothing; exit 1 where this process (watcher, worker) gave no sign of life",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report."""
        if options["alive"]:
            raise SystemExit(0 if any(is_alive(name) for name in _processes(options["alive"])) else 1)
        report = get_status(settings.ASPOKTATAS.accounts)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json()))
            return
        for name, text in rows(report):
            self.stdout.write(f"{name:14} {text}")


def _processes(name: str) -> list[str]:
    """Of several watchers one that makes progress is enough: the others' mailboxes may be what is broken."""
    return [f"watcher{one.suffix}" for one in settings.ASPOKTATAS.accounts] if name == "watcher" else [name]


def _place(database: Mapping[str, Any]) -> str:
    """Which one it is: in a wrong folder everything would seem empty."""
    return f"{database['NAME']} at {database['HOST']}" if database.get("HOST") else str(database["NAME"])


def rows(report: StatusReport) -> Iterator[tuple[str, str]]:
    """What a person reads, a line each; times are local."""
    yield "database", _place(settings.DATABASES["default"])
    yield "mails", _counts(report.mails)
    yield "registrations", _counts(report.registrations)
    yield "replies", _counts(report.replies)
    yield (
        "pending",
        f"{report.pending}, the oldest for {report.oldest_pending_s:.0f} s" if report.pending else "nothing",
    )
    if report.watcher_last_seen is None:
        yield "watcher", "not running"
    else:
        seen = timezone.localtime(report.watcher_last_seen)
        yield "watcher", f"{'alive' if report.watcher_alive else 'SILENT'}, last seen {seen:%Y-%m-%d %H:%M:%S}"
    if len(report.mailboxes) > 1:
        for one in report.mailboxes:
            yield "mailbox", _mailbox(one)
    if report.missing:
        yield "MISSING", f"{report.missing} mails of the mailbox are not in the ledger yet"
    if report.replies_stopped:
        yield "STOPPED", f"no replies are sent: {report.replies_stopped}"


def _mailbox(one: MailboxStatus) -> str:
    polled = "never read" if one.polled_s_ago is None else f"read {one.polled_s_ago:.0f} s ago"
    watched = "watched" if one.watcher_alive else "NOT WATCHED"
    notes = [f"{one.missing} MISSING"] * bool(one.missing) + ["replies HELD"] * one.held
    return ", ".join([one.mailbox, watched, polled, *notes, _counts(one.mails)])


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {state}" for state, number in counts.items() if number) or "none"
