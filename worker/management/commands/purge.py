"""`aspoktatas purge [--dry-run]`: what is older than the configuration allows is taken out of the ledger."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings

from worker.management.command import CommandError, CommandParser, OperatorCommand
from worker.services.retain import Due, count_due, purge


class Command(OperatorCommand):
    """Counts first; without --yes a person at a terminal is asked."""

    help = (
        "Takes personal data out of the ledger that is older than ASPOKTATAS_RETAIN_… says; the mailbox is not touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Only look, or do not ask."""
        parser.add_argument("--dry-run", action="store_true", help="only count what would be taken out")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, ask, do."""
        retention = settings.ASPOKTATAS.retention
        due = count_due(retention)
        self._tell(due)
        if options["dry_run"] or not due.total:
            return
        if not options["yes"]:
            if not sys.stdin.isatty():
                raise CommandError("nothing was purged: say --yes, for nobody can be asked here")
            if input("Take this out of the ledger for good? [yes/no] ") != "yes":
                raise CommandError("nothing was purged")
        done = purge(retention)
        self.stdout.write(f"purged: {sum(done.mails.values())} mails, {sum(done.requests.values())} requests")

    def _tell(self, due: Due) -> None:
        for name, number in due.mails.items():
            self.stdout.write(f"{number:>8}  mails: {name}")
        for status, number in sorted(due.requests.items()):
            self.stdout.write(f"{number:>8}  requests: {status}")
        self.stdout.write(f"{due.uploads:>8}  uploaded files")
        self.stdout.write(f"{due.addresses:>8}  accepted addresses")
