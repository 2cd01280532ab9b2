"""Run a command with a PostgreSQL of its own: `python -m tools.on_postgres -m pytest …` (arguments of python)."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.servers.dovecot import short_folder
from tests.servers.postgres import run_postgres


def main(arguments: list[str]) -> int:
    """The command's exit code; it sees ASPOKTATAS_DATABASE_URL."""
    with short_folder() as home, run_postgres(home) as server:
        environment = {**os.environ, "ASPOKTATAS_DATABASE_URL": server.create("aspoktatas")}
        return subprocess.run([sys.executable, *arguments], env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
