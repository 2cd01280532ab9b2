"""Runs `python ARGUMENTS…` with ASPOKTATAS_DATABASE_URL naming a PostgreSQL started for it, and stops that again.

python -m tools.on_postgres -m pytest tests/services
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.servers.dovecot import short_folder
from tests.servers.postgres import FORGETFUL, run_postgres


def main() -> int:
    """Exit with what the command exits with."""
    with short_folder() as home, run_postgres(home, *FORGETFUL) as server:
        environment = os.environ | {"ASPOKTATAS_DATABASE_URL": server.create("aspoktatas")}
        return subprocess.run([sys.executable, *sys.argv[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
