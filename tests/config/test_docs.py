"""The docs say what the code does: variables and commands."""

from __future__ import annotations

import re
from pathlib import Path

from config.accounts import PER_MAILBOX
from config.cli import COMMANDS
from tools.rules_doc import PAGE, page

ROOT = Path(__file__).parents[2]


def test_every_variable_of_the_code_is_documented_and_the_other_way_round() -> None:
    source = "".join(
        (ROOT / "config" / name).read_text()
        for name in ("environment.py", "logs.py", "moodle.py", "oauth.py", "people.py", "privacy.py", "telemetry.py")
    )
    read = set(re.findall(r'read\.(?:text|words|number|choice|parsed)\("([A-Z_]+)"', source))
    read |= {name + suffix for name in PER_MAILBOX for suffix in ("", "_2")}
    read |= {f"FOLDER_{key}" for key in re.findall(r'^    "([A-Z]+)": ', source, re.MULTILINE)}
    documented = set(
        re.findall(r"^\| `ASPOKTATAS_([A-Z_2]+)`", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE)
    )
    assert read == documented
    assert len(read) > 15


def test_every_command_is_documented() -> None:
    documented = set(re.findall(r"`aspoktatas ([a-z-]+)", (ROOT / "docs/operation.md").read_text()))
    assert set(COMMANDS) == documented


def test_the_page_of_the_rules_is_made_from_todays_docstrings() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python -m tools.rules_doc`"
