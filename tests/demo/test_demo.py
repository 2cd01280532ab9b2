"""The demo as its users start it: a process of its own, the real watcher, worker, rules and staff page."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from demo.samples import Sample, load_samples
from demo.screen import Signpost, signs
from tests.servers.processes import free_port

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "config.cli", "demo"]
SAMPLES = load_samples()
REPLIED = {"reply_missing", "reply_password"}
OWN_MAIL = b"""From: <en@posta.example>
To: aspoktatas@allamkincstar.gov.hu
Subject: Automatic reply
Auto-Submitted: auto-replied

Nem vagyok itt.
"""


def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of the test's own configuration; temporary files where the test can look."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("ASPOKTATAS_", "DJANGO_"))}
    return mine | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT), "ASPOKTATAS_IMAP_URL": "imaps://nobody@nowhere"}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What `demo --once --json` says, by the samples' names."""
    folder = tmp_path_factory.mktemp("once")
    done = subprocess.run(
        [*COMMAND, "--once", "--json"],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    assert list(folder.iterdir()) == [], "the demo leaves nothing behind"
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["file"]: row for row in rows}


def test_every_sample_is_processed(once: dict[str, dict[str, object]]) -> None:
    assert list(once) == [sample.name for sample in SAMPLES]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_becomes_what_is_expected(once: dict[str, dict[str, object]], sample: Sample) -> None:
    row = once[sample.name]
    assert row["state"] == "filed"
    assert row["kind"] == sample.kind
    assert set(row["outcomes"]) == sample.outcomes  # type: ignore[call-overload]
    assert row["people"] == list(sample.people)
    assert set(row["problems"]) == sample.problems  # type: ignore[call-overload]
    assert row["reply"] == ("sent" if sample.outcomes & REPLIED else "")
    assert row["filed_to"]


@pytest.fixture
def port() -> int:
    """Where the configuration wants the page."""
    return free_port()


@pytest.fixture
def live(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A running `demo --fast`, without a terminal."""
    process = subprocess.Popen(
        [*COMMAND, "--fast", "--no-browser"],
        cwd=tmp_path,
        env=environment(tmp_path) | {"ASPOKTATAS_WEB_PORT": str(port), "COLUMNS": "200", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_the_demo_runs_until_told_to_stop(live: subprocess.Popen[str], tmp_path: Path, port: int) -> None:
    assert live.stdout is not None
    head = "".join(live.stdout.readline() for _ in range(7))
    page = re.search(rf"http://127\.0\.0\.1:{port}/", head)
    inbox = re.search(r"put \.eml files into (\S+)", head)
    assert page is not None
    assert inbox is not None
    lines = [live.stdout.readline() for _ in SAMPLES]
    assert all("→" in line for line in lines), lines
    with urllib.request.urlopen(page[0]) as answer:
        assert answer.status == 200
    (Path(inbox[1]) / "sajat.eml").write_bytes(OWN_MAIL)
    assert "sajat.eml → automatic ignore" in live.stdout.readline()
    live.send_signal(signal.SIGINT)
    assert live.wait(60) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("plain", [True, False])
def test_a_page_without_its_look_is_told_of(plain: bool) -> None:
    console = Console(width=150)
    with console.capture() as capture:
        console.print(signs(Signpost("http://127.0.0.1:8000/", "demo", "jelszó", "valaszok", "bejovo", plain=plain)))
    assert ("make assets" in capture.get()) == plain
