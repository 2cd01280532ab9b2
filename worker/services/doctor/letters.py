"""The operator's own letters: which they replace, and files that replace none. The start has tried them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from worker.replies.overrides import replaced_files, unknown_files
from worker.services.doctor.diagnosis import Diagnosis, Grade


def examine_letters(folder: Path | None) -> Iterator[Diagnosis]:
    """What ASPOKTATAS_TEMPLATES does; nothing where it is unset."""
    if folder is None:
        return
    replaced = replaced_files(folder)
    if replaced:
        yield Diagnosis("letters", Grade.OK, f"every sample can be written with {', '.join(replaced)} of {folder}")
    else:
        yield Diagnosis("letters", Grade.WARN, f"{folder} replaces none of our files", "see docs/replies.md")
    for name in unknown_files(folder):
        yield Diagnosis("letters", Grade.WARN, f"{name} replaces no file of ours", "correct its name or remove it")
