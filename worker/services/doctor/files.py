"""The files that hold secrets: for their owner only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from worker.services.doctor.diagnosis import Diagnosis, Grade


def examine_env_file(folder: Path | None = None) -> Iterator[Diagnosis]:
    """Whether others on this machine may read `.env` in `folder` (the working folder)."""
    file = (folder or Path.cwd()) / ".env"
    if file.is_file() and file.stat().st_mode & 0o077:
        yield Diagnosis("config", Grade.WARN, ".env holds passwords and others may read it", "chmod 600 .env")
