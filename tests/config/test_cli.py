"""The `aspoktatas` command from outside, as operators and scripts meet it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.cli import COMMANDS


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in an empty folder with no configuration but `variables`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ASPOKTATAS_", "DJANGO_"))}
    command = [str(Path(sys.executable).with_name("aspoktatas")), *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment | variables, capture_output=True, text=True, timeout=120, check=False
    )


def test_overview_names_every_command(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_needs_no_configuration_for_it(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, name, "--help")
    assert done.returncode == 0, done.stderr
    assert "usage: aspoktatas" in done.stdout
    assert name in done.stdout


def test_unknown_command(tmp_path: Path) -> None:
    done = run(tmp_path, "veridct")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "veridct" in done.stderr


def test_a_wrong_option_is_told_with_the_usage(tmp_path: Path) -> None:
    done = run(tmp_path, "export", "--format", "pdf")
    assert done.returncode == 2
    assert done.stderr.startswith("usage: aspoktatas export ")
    assert done.stderr.splitlines()[-1].startswith("aspoktatas export: error: argument --format: invalid choice: 'pdf'")


def test_a_wrong_variable_is_told_in_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "status", ASPOKTATAS_REPLIES="perhaps")
    assert done.returncode == 2
    assert done.stderr == "aspoktatas: ASPOKTATAS_REPLIES: must be on, draft or off\n"


def test_an_unreachable_database_is_told_in_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "status", ASPOKTATAS_DATABASE_URL="postgres://nobody:geheim@127.0.0.1:1/none")
    assert done.returncode == 2
    assert done.stderr.startswith("aspoktatas: database: ")
    assert "geheim" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_status_sets_up_an_empty_database_and_speaks_json(tmp_path: Path) -> None:
    done = run(tmp_path, "status", "--json")
    assert done.returncode == 0, done.stderr
    status = json.loads(done.stdout)
    assert status["mails"] == {"stored": 0, "decided": 0, "filed": 0, "failed": 0}
    assert set(status["replies"]) >= {"draft", "queued", "sending", "sent", "retrying", "failed", "uncertain"}
    assert status["pending"] == 0
    assert status["watcher"] == {"alive": False, "last_seen": None}


def test_status_for_people(tmp_path: Path) -> None:
    done = run(tmp_path, "status")
    assert done.returncode == 0, done.stderr
    assert "watcher        not running" in done.stdout
    assert "mails          none" in done.stdout
