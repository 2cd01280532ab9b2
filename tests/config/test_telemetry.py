"""Sentry and OpenTelemetry: off unless configured, and one line where the package is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.telemetry import Telemetry, read_telemetry
from config.variables import ConfigurationError, Variables
from tests.servers.processes import free_port
from tests.servers.receivers import Receiver, receiver
from worker.services.doctor.diagnosis import Grade
from worker.services.doctor.outside import examine_outside

__all__ = ["receiver"]
ROOT = Path(__file__).parents[2]
Read = Callable[..., Telemetry]
PACKAGES = ("sentry_sdk", "opentelemetry", "google.protobuf")


def run(folder: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A Python of its own with these variables and no others of ours."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("ASPOKTATAS_", "DJANGO_"))}
    given = {f"ASPOKTATAS_{name}": value for name, value in variables.items()}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**plain, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "config.settings", **given},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read these variables."""

    def read(**variables: str) -> Telemetry:
        for name, value in variables.items():
            monkeypatch.setenv(f"ASPOKTATAS_{name}", value)
        return read_telemetry(Variables(tmp_path))

    return read


def test_nothing_is_told_to_anybody_unless_wanted(read: Read) -> None:
    assert read() == Telemetry("", "")


@pytest.mark.parametrize(
    "given", ["http://collector:4318", "http://collector:4318/", "http://collector:4318/v1/traces"]
)
def test_the_collector_by_its_address(read: Read, given: str) -> None:
    assert read(OTLP_ENDPOINT=given).otlp_endpoint == "http://collector:4318/v1/traces"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SENTRY_DSN", "mine.example.hu/7"),
        ("SENTRY_DSN", "https://mine.example.hu/7"),
        ("SENTRY_DSN", "https://key@mine.example.hu/"),
        ("OTLP_ENDPOINT", "collector:4317"),
        ("OTLP_ENDPOINT", "http://user:titok@collector:4318"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(read: Read, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^ASPOKTATAS_{name}: must be") as raised:
        read(**{name: value})
    assert value not in str(raised.value)


def test_what_is_not_configured_is_not_imported(tmp_path: Path) -> None:
    code = (
        "import sys, django; django.setup(); import config.celery, worker.tasks.work, worker.services.desk\n"
        f"print([name for name in {PACKAGES} if name in sys.modules])"
    )
    done = run(tmp_path, code)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    ("variable", "value", "module", "extra"),
    [
        ("SENTRY_DSN", "https://key@sentry.example.hu/7", "sentry_sdk", "sentry"),
        ("OTLP_ENDPOINT", "http://collector:4318", "opentelemetry.sdk", "otel"),
    ],
)
def test_a_missing_package_is_one_line_for_every_command(
    tmp_path: Path, variable: str, value: str, module: str, extra: str
) -> None:
    without = f"import sys; sys.modules[{module!r}] = None; from config.cli import main; main(['doctor'])"
    done = run(tmp_path, without, **{variable: value})
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"ASPOKTATAS_{variable}: needs" in line
    assert f"aspoktatas[{extra}]" in line


def test_doctor_tries_both(receiver: Receiver) -> None:
    there = Telemetry(receiver.dsn, f"{receiver.endpoint}/v1/traces")
    assert [one.grade for one in examine_outside(there)] == [Grade.OK, Grade.OK]
    assert receiver.spans() == []
    nowhere = f"127.0.0.1:{free_port()}"
    away = list(examine_outside(Telemetry(f"http://key@{nowhere}/7", f"http://{nowhere}/v1/traces")))
    assert [one.grade for one in away] == [Grade.WARN, Grade.WARN]
    assert all(nowhere in one.found for one in away)
    assert "nothing listens" in away[0].found
    assert list(examine_outside(Telemetry())) == []
