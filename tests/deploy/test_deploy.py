"""The files under deploy/ name what the product has."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config.variables import PREFIX

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


def test_systemd_understands_the_unit() -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.fail("systemd-analyze is missing: ./tools/install-test-servers installs it")
    unit = DEPLOY / "systemd/aspoktatas.service"
    done = subprocess.run([program, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert complaints == []


def test_the_proxy_example_names_variables_that_exist() -> None:
    told = (ROOT / "docs/configuration.md").read_text("utf-8")
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", (DEPLOY / "caddy/Caddyfile").read_text("utf-8")))
    assert named
    assert all(f"`{name}`" in told for name in named)
