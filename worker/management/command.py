"""What every `aspoktatas` command shares: a plain `--help` without Django's own options."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter
from django.db import connections

HIDDEN = frozenset(
    {
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--version",
        "--verbosity",
        "--skip-checks",
    }
)


class OperatorCommand(BaseCommand):
    """A command as an operator sees it; errors meant for the operator are CommandErrors (exit 1, one line)."""

    requires_system_checks = []
    suppressed_base_arguments = set(HIDDEN)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The usual parser; the program is always called aspoktatas."""
        kwargs.setdefault("formatter_class", DjangoHelpFormatter)
        return super().create_parser("aspoktatas", subcommand.replace("_", "-"), **kwargs)

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django does it, but what is wrong is said as the rest of `aspoktatas` says it: one line, our name."""
        self._called_from_command_line = True  # a wrong option is told with the usage (exit 2), not as a traceback
        options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
        arguments = options.pop("args", ())
        try:
            self.execute(*arguments, **options)
        except CommandError as error:
            print(f"aspoktatas: {error}", file=sys.stderr)  # noqa: T201
            raise SystemExit(error.returncode) from None
        finally:
            connections.close_all()


__all__ = ["CommandError", "CommandParser", "OperatorCommand"]
