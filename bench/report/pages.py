"""The marked sections of the docs: from `<!-- bench:NAME -->` to `<!-- /bench:NAME -->` they are a run's figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.report import scaling_tables, tables
from bench.report.charts import draw_all

PAGES = ("performance.md", "scaling.md")
SECTIONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "run": tables.run,
    "targets": tables.targets,
    "line": tables.line,
    "latency": tables.latency,
    "growth": tables.growth,
    "reading": tables.reading,
    "staff": tables.staff,
    "scaling": scaling_tables.scaling,
    "storage": scaling_tables.storage,
    "day": scaling_tables.day,
}
_MARKED = re.compile(r"(<!-- bench:(\w+) -->\n).*?(<!-- /bench:\2 -->)", re.DOTALL)


def write_report(found: dict[str, Any], folder: Path) -> None:
    """Draw the pictures and renew the sections of the pages in `folder`; what was not measured stays as it is."""
    draw_all(found, folder / "images")
    for name in PAGES:
        page = folder / name
        page.write_text(renew(page.read_text("utf-8"), found), "utf-8")


def renew(text: str, found: dict[str, Any]) -> str:
    """`text` with every marked section whose part was measured written anew."""

    def replace(marked: re.Match[str]) -> str:
        name = marked[2]
        part = {"run": "machine", "targets": "machine"}.get(name, name)
        if not found.get(part):
            return marked[0]
        return f"{marked[1]}{SECTIONS[name](found).strip()}\n{marked[3]}"

    return _MARKED.sub(replace, text)
