"""`aspoktatas report --month 2026-10 -o FILE`: the monthly report as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from review.overview.data import get_data, today
from review.overview.periods import find_period, month_of
from review.overview.report import make_report
from worker.management.command import CommandError, CommandParser, OperatorCommand
from worker.services.measure import BUDAPEST


class Command(OperatorCommand):
    """Counts what is not counted yet, and writes FILE; it names nobody."""

    help = "Writes the monthly report as PDF: charts and tables, no personal data."

    def add_arguments(self, parser: CommandParser) -> None:
        """Month and file."""
        parser.add_argument("--month", default="", help="like 2026-10; last month unless given")
        parser.add_argument("-o", "--output", type=Path, required=True, help="the PDF to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it."""
        month = options["month"] or month_of(today()).before.slug
        period = find_period(month, today())
        if period.slug != month:
            raise CommandError(f"--month: {month!r} is no month like 2026-10 that has begun")
        made = make_report(get_data(period, fill=len(period.days) * 2), timezone.now().astimezone(BUDAPEST))
        try:
            options["output"].write_bytes(made)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}") from None
        self.stdout.write(f"{options['output']}: {period.first} to {period.last}, {len(made) / 1e3:.0f} kB")
