"""`aspoktatas export`: registrations as Moodle CSV, CSV, XLSX or JSON lines."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from rich.console import Console
from rich.progress import track

from config.catalogue import load_catalogue
from registry.exports.handover import DELIMITERS, MEDIA_TYPES, HandoverStyle, get_registrations, write_handover
from registry.models import Registration, RegistrationStatus
from worker.management.command import CommandError, CommandParser, OperatorCommand

COMPLETE = (RegistrationStatus.READY, RegistrationStatus.APPROVED)  # what the portal could take, and has not yet


class Command(OperatorCommand):
    """Writes a file for the portal, for people or for programs; changes no status."""

    help = "Registrations as a file. Moodle gets one row an account, the other formats one a registration."

    def add_arguments(self, parser: CommandParser) -> None:
        """Format, statuses, target and the look of CSV."""
        parser.add_argument("--format", required=True, choices=list(MEDIA_TYPES))
        parser.add_argument(
            "--status",
            help=f"comma separated: {','.join(RegistrationStatus.values)} "
            f"(moodle: {','.join(COMPLETE)} unless given, else all)",
        )
        parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")
        parser.add_argument("--delimiter", choices=list(DELIMITERS), default="semicolon", help="of CSV")
        parser.add_argument("--bom", action="store_true", help="begin CSV with a byte order mark, for Excel")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        name = options["format"]
        statuses = _statuses(options["status"], moodle=name == "moodle")
        if name == "xlsx" and not options["output"] and sys.stdout.isatty():
            raise CommandError("an XLSX file cannot be shown in a terminal; give -o FILE")
        style = HandoverStyle(DELIMITERS[options["delimiter"]], options["bom"])
        number = Registration.objects.filter(status__in=statuses).count()
        rows = _tracked(get_registrations(statuses), number)
        catalogue, courses = load_catalogue(), settings.ASPOKTATAS.moodle_courses
        if not options["output"]:
            whole = io.BytesIO()  # made whole first: a reader that leaves early (`| head`) then breaks nothing
            write_handover(name, rows, whole, catalogue, courses=courses, style=style)
            sys.stdout.buffer.write(whole.getbuffer())
            return
        try:
            with Path(options["output"]).open("wb") as file:
                written = write_handover(name, rows, file, catalogue, courses=courses, style=style)
        except OSError as error:
            raise CommandError(f"cannot write {options['output']}: {error.strerror}") from None
        self.stderr.write(f"{written} rows written to {options['output']}")


def _statuses(given: str | None, *, moodle: bool) -> list[str]:
    if not given:
        return [str(status) for status in COMPLETE] if moodle else list(RegistrationStatus.values)
    words = [word.strip().lower() for word in given.split(",") if word.strip()]
    unknown = [word for word in words if word not in RegistrationStatus.values]
    if unknown:
        raise CommandError(f"unknown status: {', '.join(unknown)}; known: {', '.join(RegistrationStatus.values)}")
    return words


def _tracked(rows: Iterable[Registration], number: int) -> Iterable[Registration]:
    """`rows`, with a bar on standard error where a person watches."""
    console = Console(stderr=True)
    return track(rows, "export", total=number, console=console, transient=True, disable=not console.is_terminal)
