"""What every `aspoktatas` command shares: a plain `--help` without Django's own options."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter

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
        return super().create_parser("aspoktatas", subcommand, **kwargs)


__all__ = ["CommandError", "CommandParser", "OperatorCommand"]
