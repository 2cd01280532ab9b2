"""The `aspoktatas` command: `verdict` runs without Django, every other word is a management command."""

import sys


def main() -> None:
    """Entry point of the console script."""
    raise SystemExit(f"aspoktatas: not yet: {sys.argv[1:]}")
