"""`aspoktatas replay`: what would today's rules make of the stored mails?"""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from worker.management.command import CommandParser, OperatorCommand
from worker.services.replay import decided_mails, replay
from worker.services.thinking import load_thinking


def parse_moment(text: str) -> datetime:
    """A date, or date and time, in Hungarian time unless it names a zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date like 2026-11-01 or 2026-11-01T08:00") from None
    return moment if moment.tzinfo else timezone.make_aware(moment)


class Command(OperatorCommand):
    """Prints one line a difference and a summary; changes nothing."""

    help = "Decides stored mails again with today's rules and data and prints what would change; changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """From when on, and whether values are shown."""
        parser.add_argument("--since", type=parse_moment, metavar="DATE", help="only mails received from then on")
        parser.add_argument("--values", action="store_true", help="show the values too (personal data on your screen)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay, with a progress bar on the terminal's error channel."""
        mails = decided_mails(options["since"])
        number = changed = failed = 0
        results = replay(mails, load_thinking(), settings.ASPOKTATAS.addresses)
        console = Console(stderr=True)
        for result in track(results, total=mails.count(), description="replay", console=console, transient=True):
            number += 1
            changed += bool(result.changes)
            failed += bool(result.failure)
            if result.failure:
                self.stdout.write(f"mail {result.mail_id}: {result.failure} (nothing would be decided)")
            for change in result.changes:
                shows = options["values"] or not change.what.startswith("person") or change.what.endswith("status")
                values = f": {change.before or '-'} -> {change.after or '-'}" if shows else ""
                self.stdout.write(f"mail {result.mail_id}: {change.what}{values}")
        self.stdout.write(f"{number} mails decided again, {changed} would change, {failed} failed; nothing was changed")
