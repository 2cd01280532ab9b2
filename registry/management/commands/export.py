"""`aspoktatas export`: registrations as Moodle CSV, CSV, XLSX or JSON lines."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.db.models import QuerySet
from rich.console import Console
from rich.progress import track

from config.catalogue import load_catalogue
from registry.exports.handover import (
    DELIMITERS,
    MEDIA_TYPES,
    HandoverStyle,
    Watch,
    get_registrations,
    write_handover,
)
from registry.exports.people import PortalPerson
from registry.models import Registration, RegistrationStatus
from worker.management.command import CommandError, CommandParser, OperatorCommand

IN_MEMORY = 1 << 20  # bytes of a file made for standard output; more goes to the disk
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
        parser.add_argument("--delimiter", choices=list(DELIMITERS), help="of CSV (moodle: the configured one)")
        parser.add_argument("--bom", action="store_true", help="begin CSV with a byte order mark, for Excel")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        name = options["format"]
        statuses = _statuses(options["status"], moodle=name == "moodle")
        if name == "xlsx" and not options["output"] and sys.stdout.isatty():
            raise CommandError("an XLSX file cannot be shown in a terminal; give -o FILE")
        style = HandoverStyle(DELIMITERS.get(options["delimiter"], ""), options["bom"])
        rows, catalogue = get_registrations(statuses), load_catalogue()
        if not options["output"]:
            with SpooledTemporaryFile(IN_MEMORY) as whole:  # made whole first: `| head` then breaks nothing
                write_handover(name, rows, cast(BinaryIO, whole), catalogue, style=style, tell=self._tell)
                whole.seek(0)
                shutil.copyfileobj(whole, sys.stdout.buffer)
            return
        try:
            with Path(options["output"]).open("wb") as file:
                watch = _watched(rows)
                written = write_handover(name, rows, file, catalogue, style=style, watch=watch, tell=self._tell)
        except OSError as error:
            raise CommandError(f"cannot write {options['output']}: {error.strerror}") from None
        self.stderr.write(f"{written} rows written to {options['output']}")

    def _tell(self, person: PortalPerson) -> None:
        """A line for somebody whom the portal would refuse, or of whom a person should know (docs/export.md)."""
        numbers = ", ".join(str(one.pk) for one in person.registrations)
        said = [f"left out: {', '.join(person.problems)}"] if person.problems else []
        said += [", ".join(person.remarks)] if person.remarks else []
        said += [f"no course for {', '.join(person.no_course)}"] if person.no_course else []
        self.stderr.write(f"request {numbers}: {'; '.join(said)}")


def _statuses(given: str | None, *, moodle: bool) -> list[str]:
    if not given:
        return [str(status) for status in COMPLETE] if moodle else list(RegistrationStatus.values)
    words = [word.strip().lower() for word in given.split(",") if word.strip()]
    unknown = [word for word in words if word not in RegistrationStatus.values]
    if unknown:
        raise CommandError(f"unknown status: {', '.join(unknown)}; known: {', '.join(RegistrationStatus.values)}")
    return words


def _watched(rows: QuerySet[Registration]) -> Watch:
    """A bar on standard error where a person watches."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return lambda passing: passing
    number = rows.count()
    return lambda passing: track(passing, "export", total=number, console=console, transient=True)
