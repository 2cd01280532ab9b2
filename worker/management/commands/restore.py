"""`aspoktatas restore FILE`: a backup put back, so that nobody is answered a second time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.schema import prepare_schema
from worker.management.command import CommandError, CommandParser, OperatorCommand
from worker.services.backup import BackupError, load_backup, who_runs
from worker.services.recover import mark_restored
from worker.services.status import WATCHER_SILENT_AFTER_S


class Command(OperatorCommand):
    """Replaces the ledger by the backup and marks what is unsure."""

    help = "Puts a backup in place of the ledger; what may have been answered since waits for the Sent folder or staff."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, or that it is loaded already."""
        parser.add_argument("file", type=Path, nargs="?", help="what `aspoktatas backup` wrote")
        parser.add_argument(
            "--loaded", action="store_true", help="the database was put back by other means (a container's pg_restore)"
        )
        parser.add_argument("--while-running", action="store_true", help="do not look whether the product still runs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, migrate, mark."""
        if options["loaded"] == bool(options["file"]):
            raise CommandError("name the backup's file, or say --loaded")
        running = [] if options["while_running"] else who_runs()
        if running:
            advice = f"where it is stopped already, try again in {WATCHER_SILENT_AFTER_S:.0f} s"
            raise CommandError(f"stop the product first: {', '.join(running)} showed a sign of life just now; {advice}")
        try:
            if options["file"]:
                load_backup(options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        prepare_schema(migrate=True)
        unsure = mark_restored()
        self.stdout.write(f"restored; {unsure} replies may have gone out since the backup")
        self.stdout.write(
            "start the product: it reads what was filed since, and looks for the replies in the Sent folder"
        )
