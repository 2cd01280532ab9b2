"""`aspoktatas export` and `import` as an operator runs them."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from config.cli import main
from registry.models import Clerk
from tests.review.factory import make_registration

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    stream = io.StringIO()
    call_command(*arguments, stdout=stream, stderr=stream)
    return stream.getvalue()


def test_export_writes_the_statuses_asked_for(tmp_path: Path) -> None:
    make_registration()
    make_registration(status="approved")
    make_registration(status="rejected")
    file = tmp_path / "kerelmek.jsonl"
    assert "2 rows" in run("export", "--format", "jsonl", "--status", "ready,approved", "-o", str(file))
    assert [json.loads(line)["status"] for line in file.read_text("utf-8").splitlines()] == ["ready", "approved"]
    run("export", "--format", "jsonl", "-o", str(file))
    assert len(file.read_text("utf-8").splitlines()) == 3


def test_export_to_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    make_registration()
    call_command("export", "--format", "moodle", "--delimiter", "comma")
    assert capfdbinary.readouterr().out.startswith(b"username,firstname,lastname,email,")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["moodle", "csv", "xlsx", "jsonl"])
def test_a_reader_that_leaves_early_is_no_fault(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_registration()
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        with translation.override("en"):  # which the program makes its thread's language: not that of later tests
            main(["export", "--format", name])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "csv", "--status", "ready,kesz"), "unknown status: kesz"),
        (("--format", "csv", "-o", "/nincs/ilyen/mappa.csv"), "cannot write"),
    ],
)
def test_export_says_what_is_wrong(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run("export", *arguments)


def test_import_tells_what_became_of_each_row(tmp_path: Path) -> None:
    file = tmp_path / "jegyzok.csv"
    file.write_text("település;e-mail\nAba;jegyzo@aba.hu\nNarnia;x@y.hu\n", "utf-8")
    assert run("import", "clerks", str(file)).splitlines() == [
        "clerks: 1 new, 0 changed, 0 unchanged, 1 refused",
        "  line 3: unknown settlement: Narnia",
    ]
    assert Clerk.objects.count() == 1
    assert "0 new, 0 changed, 1 unchanged" in run("import", "clerks", str(file))


def test_import_of_an_unusable_file_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"")
    with pytest.raises(CommandError, match="nothing was imported"):
        run("import", "accounts", str(file))
    with pytest.raises(CommandError, match="cannot read"):
        run("import", "accounts", str(tmp_path / "nincs.csv"))
