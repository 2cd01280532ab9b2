"""`aspoktatas verdict`: one JSON object a line, an explanation for people, a clear word on unreadable files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from worker.dryrun import main

MAIL = """From: Minta Anna <minta.anna@gmail.com>
To: aspoktatas@allamkincstar.gov.hu
Cc: jegyzo@tiszacsege.hu
Subject: ASP oktatas
Message-ID: <1@gmail.com>
Content-Type: text/plain; charset=utf-8

Kérem a regisztrációmat az oktatási portálra.
Név: Minta Anna
Önkormányzat: Tiszacsege Város Önkormányzata
E-mail: minta.anna@gmail.com
Szakrendszer: adó
"""


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """A request that lacks only the PIR."""
    path = tmp_path / "levél.eml"
    path.write_text(MAIL, encoding="utf-8")
    return path


def test_one_object_a_line_in_the_order_given(mail: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main([str(mail), str(mail)]) == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert [json.loads(line)["file"] for line in lines] == [str(mail)] * 2
    verdict = json.loads(lines[0])
    assert verdict["people"][0]["problems"] == ["pir_missing"]
    assert verdict["reply"]["to"] == ["minta.anna@gmail.com"]
    assert "PIR" in verdict["reply"]["text"]


def test_an_unreadable_file_stops_no_other(mail: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["/no/such/file.eml", str(mail)]) == 2
    out, err = capfdbinary.readouterr()
    assert json.loads(out)["kind"] == "registration"
    assert err.startswith(b"/no/such/file.eml: cannot be read")


def test_the_explanation_shows_what_was_seen_and_where(mail: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--explain", str(mail)]) == 0
    said = capsysbinary.readouterr().out.decode()
    assert "person 1  incomplete: pir_missing" in said
    assert "PM-2777-2105-BS ADÓ" in said
    assert "+ person 1: pir" in said
    assert "- own_mail" in said
    assert "  | Tisztelt Minta Anna!" in said
