"""The files under deploy/ name what the product has."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from config.variables import PREFIX

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd/aspoktatas.service"


def systemd_analyze(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.fail("systemd-analyze is missing: ./tools/install-test-servers installs it")
    return subprocess.run([program, *words, str(UNIT)], capture_output=True, text=True, check=False)


def test_systemd_understands_the_unit() -> None:
    done = systemd_analyze("verify", "--man=no")
    complaints = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert complaints == []


def test_the_unit_takes_every_right_that_it_can() -> None:
    """The threshold is ten times the exposure; a running unit is rated 0.1 better than its file."""
    done = systemd_analyze("security", "--offline=yes", "--threshold=12")
    assert done.returncode == 0, done.stdout[-200:]


def test_what_the_guide_copies_is_in_the_wheel() -> None:
    shared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    named = re.findall(r"/opt/aspoktatas/share/aspoktatas/(\S+)", (ROOT / "docs/install.md").read_text("utf-8"))
    assert shared["shared-data"]["deploy"] == "share/aspoktatas"
    assert len(named) >= 2
    assert all((DEPLOY / name).is_file() for name in named)


def test_the_proxy_example_names_variables_that_exist() -> None:
    told = (ROOT / "docs/configuration.md").read_text("utf-8")
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", (DEPLOY / "caddy/Caddyfile").read_text("utf-8")))
    assert named
    assert all(f"`{name}`" in told for name in named)
