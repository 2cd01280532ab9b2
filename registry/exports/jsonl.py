"""JSON lines: one registration a line, for programs. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from registry.exports.columns import person_json
from registry.models import Registration


def write_jsonl(registrations: Iterable[Registration], stream: TextIO) -> int:
    """Write each registration as an object on a line of its own, in UTF-8; returns how many."""
    lines = (json.dumps(person_json(registration), ensure_ascii=False) + "\n" for registration in registrations)
    return sum(1 for line in lines if stream.write(line))
