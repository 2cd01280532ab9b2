"""The pages that people read, as the tests of the docs see them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
AT_THE_TOP = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in DOCS.glob("*.md")} | {
    name: (ROOT / name).read_text("utf-8") for name in AT_THE_TOP
}
TODAY = {name: text for name, text in PAGES.items() if name != "CHANGELOG.md"}  # what was may be named there
CODE = re.compile(r"`([^`\n]+)`|^    (\S.*)$", re.MULTILINE)


def code_of(text: str) -> list[str]:
    """What stands between backticks, and the lines of indented blocks."""
    return [one or other for one, other in CODE.findall(text)]
