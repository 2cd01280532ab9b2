"""What it costs to write every registration of a ledger to a file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.ledgers import ledger_environment

FORMATS = ("csv", "jsonl", "xlsx", "moodle")
CLOSED_TOO = "ready,incomplete,review,approved,exported,registered,rejected,withdrawn,expired"


def measure_exports(url: str) -> dict[str, dict[str, float]]:
    """By format "seconds" (start of the program included), "mb" (largest size of the process) and "bytes" written."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in FORMATS:
            file = Path(folder) / f"all.{name}"
            words = ["export", "--format", name, "--status", CLOSED_TOO, "--output", str(file)]
            begun = time.perf_counter()
            command = [sys.executable, "-m", "config.cli", *words]
            with subprocess.Popen(
                command, cwd="/", env=ledger_environment(url), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process:
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            assert process.returncode == 0, f"export to {name} failed"
            seconds = time.perf_counter() - begun
            found[name] = {"seconds": seconds, "mb": used.ru_maxrss / 1024, "bytes": file.stat().st_size}
    return found
