"""docker-compose.yml and Dockerfile, as far as they can be checked without an engine."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}


def test_compose_file_fits_the_specification() -> None:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_is_content() -> None:
    program = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [program, "--failure-threshold", "style", "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_every_part_runs_without_root_on_a_read_only_disk_and_is_watched() -> None:
    assert set(OURS) == {"migrate", "watcher", "worker", "beat", "web"}
    for name, service in OURS.items():
        assert service["read_only"] is True, name
        assert service["user"] == "10001:10001", name
        assert service["cap_drop"] == ["ALL"], name
        assert "healthcheck" in service or name == "migrate", name


def test_redis_never_evicts() -> None:
    assert "noeviction" in COMPOSE["services"]["redis"]["command"]


def test_secrets_are_files_only() -> None:
    for service in OURS.values():
        variables = service["environment"]
        assert {"ASPOKTATAS_IMAP_URL_FILE", "ASPOKTATAS_SECRET_KEY_FILE"} <= set(variables)
        assert not {"ASPOKTATAS_IMAP_URL", "ASPOKTATAS_SMTP_URL", "ASPOKTATAS_SECRET_KEY"} & set(variables)


def test_the_image_copies_every_package_of_the_wheel() -> None:
    wheel = re.search(r"only-include = \[(.*?)\]", (ROOT / "pyproject.toml").read_text())
    assert wheel
    dockerfile = (ROOT / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text()
    for package in shlex.split(wheel[1].replace(",", " ")):
        assert f"COPY {package} {package}\n" in dockerfile
        assert f"!{package}\n" in ignored
