"""What draws and prints is loaded when something is drawn or printed, and not before."""

from __future__ import annotations

import subprocess
import sys

HEAVY = "('matplotlib', 'numpy', 'fpdf', 'PIL', 'fontTools')"
PAGES = "import django; django.setup(); import config.urls, worker.tasks.work"
VERDICT = "import config.cli, worker.dryrun"


def test_neither_page_nor_worker_nor_dry_run_loads_what_draws() -> None:
    for begin in (PAGES, VERDICT):
        code = f"{begin}; import sys; print([one for one in {HEAVY} if one in sys.modules])"
        environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": ".", "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
        )
        assert done.stdout.strip() == "[]", done.stderr[-2000:]
