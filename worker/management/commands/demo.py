"""`aspoktatas demo`: the whole product on sample mails, on this machine alone."""

from __future__ import annotations

import sys
import threading
from secrets import choice
from typing import Any

from rich.console import Console

from worker.management.command import CommandError, CommandParser, OperatorCommand
from worker.stopping import stop_on_signals

PAUSE_S = 2.5
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(OperatorCommand):
    """Embedded mailbox, SMTP sink and SQLite in a folder of its own; the rest is the product as it runs for real."""

    help = "The whole product on sample mails: nothing is needed, nothing leaves this machine. Ctrl-C stops it."

    def add_arguments(self, parser: CommandParser) -> None:
        """How long and where."""
        parser.add_argument("--once", action="store_true", help="process the sample mails, print the results, exit")
        parser.add_argument("--json", action="store_true", help="with --once: one JSON object a mail")
        parser.add_argument("--fast", action="store_true", help="let the sample mails arrive without pauses")
        parser.add_argument(
            "--port",
            type=int,
            metavar="N",
            help="the staff page's port (default: ASPOKTATAS_WEB_PORT, or a free one where it is taken)",
        )
        parser.add_argument("--no-browser", action="store_true", help="do not open the staff page in a browser")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, then leave nothing behind."""
        from demo.play import NotSettledError, Programme, play_live, play_once  # noqa: PLC0415  # starts Celery
        from demo.start import get_stage  # noqa: PLC0415

        try:
            stage = get_stage()
        except RuntimeError as error:
            raise CommandError(str(error)) from None
        try:
            if options["once"]:
                play_once(stage, _console(), as_json=options["json"])
                return
            stop = threading.Event()
            stop_on_signals(stop)
            pause = 0.0 if options["fast"] else PAUSE_S
            programme = Programme(pause, options["port"], _password(), browser=not options["no_browser"])
            play_live(stage, _console(), programme, stop)
        except NotSettledError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"--port: {options['port']} cannot be used ({error.strerror})") from None
        finally:
            stage.clear()


def _console() -> Console:
    return Console(file=sys.stdout)


def _password() -> str:
    return "-".join("".join(choice(LETTERS) for _ in range(4)) for _ in range(3))
