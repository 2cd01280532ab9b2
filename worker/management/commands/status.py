"""`aspoktatas status`: the state of everything in one look."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from worker.management.command import CommandParser, OperatorCommand
from worker.services.status import StatusReport, get_status, is_alive


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
            raise SystemExit(0 if is_alive(options["alive"]) else 1)
        report = get_status()
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json()))
        else:
            Console(file=sys.stdout).print(*tables(report), sep="\n")


def tables(report: StatusReport) -> list[Table | str]:
    """What a person reads: three small tables and two lines."""
    shown: list[Table | str] = []
    for title, counts in (
        ("mails", report.mails),
        ("registrations", report.registrations),
        ("replies", report.replies),
    ):
        table = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
        for state, number in counts.items():
            table.add_row(state, str(number), style=None if number else "dim")
        shown.append(table)
    seen = f"{report.watcher_last_seen:%Y-%m-%d %H:%M:%S} UTC" if report.watcher_last_seen else "never"
    shown.append(f"pending {report.pending}, the oldest for {report.oldest_pending_s:.0f} s")
    shown.append(f"watcher {'alive' if report.watcher_alive else 'SILENT'}, last seen {seen}")
    if report.missing:
        shown.append(f"[bold]{report.missing} mails of the mailbox are not in the ledger yet[/bold]")
    if report.replies_stopped:
        shown.append(f"[bold]replies are stopped: {report.replies_stopped}[/bold]")
    return shown
