"""`aspoktatas import`: portal accounts, the official register or gazetteer, known jegyzők, from a file."""  # noqa: N999  # the word is fixed

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.catalogue import load_catalogue
from registry.imports.sheets import UnreadableFileError
from registry.imports.take_in import import_file
from worker.management.command import CommandError, CommandParser, OperatorCommand

SHOWN_REFUSALS = 50


class Command(OperatorCommand):
    """Takes in a whole file or nothing of it; rows that cannot be used are told by line number."""

    help = "Accounts, municipalities (official register or KSH gazetteer) or clerks from a CSV, XLS or XLSX file."

    def add_arguments(self, parser: CommandParser) -> None:
        """What the file holds, and the file."""
        parser.add_argument("what", choices=["accounts", "municipalities", "clerks"])
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what became of each row."""
        try:
            data = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"cannot read {options['file']}: {error.strerror}", returncode=2) from None
        try:
            report = import_file(options["what"], data, load_catalogue())
        except UnreadableFileError as error:
            raise CommandError(f"{options['file']}: {error}; nothing was imported") from None
        self.stdout.write(
            f"{options['what']}: {len(report.new)} new, {len(report.changed)} changed, "
            f"{report.unchanged} unchanged, {len(report.refused)} refused"
        )
        for refusal in report.refused[:SHOWN_REFUSALS]:
            self.stdout.write(f"  line {refusal.line}: {refusal.reason}")
        if len(report.refused) > SHOWN_REFUSALS:
            self.stdout.write(f"  and {len(report.refused) - SHOWN_REFUSALS} more")
