"""`aspoktatas backup FILE`: the whole ledger in one file, while everything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from worker.management.command import CommandError, CommandParser, OperatorCommand
from worker.services.backup import BackupError, make_backup


class Command(OperatorCommand):
    """Writes FILE, readable by its owner only; it holds everybody's data."""

    help = "Writes the whole ledger to one file; nothing needs to be stopped. The file holds personal data."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, help="a new file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it."""
        try:
            size = make_backup(options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{options['file']}: {size / 1e6:.1f} MB")
