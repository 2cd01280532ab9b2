"""The page that shows every letter, and the command that prints or writes them."""

from __future__ import annotations

import html
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from config.catalogue import load_catalogue
from worker.management.command import CommandError
from worker.replies.cases import LETTERS, sample_letters

PAIRS = [(letter, case.name) for letter, case in sample_letters(load_catalogue())]


def printed(**options: object) -> str:
    out = StringIO()
    call_command("reply_preview", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("letter", LETTERS)
def test_the_page_shows_text_and_html_of_every_letter(page: Client, letter: str) -> None:
    text = html.unescape(page.get(f"/letters?letter={letter}").content.decode())
    assert "Tisztelt " in text
    assert f'<option value="{letter}" selected>' in text
    assert "<iframe sandbox " in text
    frame = page.get(f"/letters/html?letter={letter}")
    assert "Magyar Államkincstár" in frame.content.decode()
    policy = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


@pytest.mark.django_db
def test_a_case_is_chosen_where_the_letter_fits_it(page: Client) -> None:
    chosen = page.get("/letters?letter=missing&case=pir-invalid").content.decode()
    assert "742591" in chosen
    assert '<option value="pir-invalid" selected>' in chosen
    other = page.get("/letters?letter=account_exists&case=pir-invalid").content.decode()
    assert '<option value="one" selected>' in other
    assert page.get("/letters?letter=nincs").status_code == 404
    assert "<script>alert" not in page.get("/letters?case=<script>alert(1)").content.decode()


def test_every_letter_is_printed_with_every_case() -> None:
    out = printed()
    for letter, case in PAIRS:
        assert f"=== {letter} / {case}\n" in out
    assert {letter for letter, _ in PAIRS} == set(LETTERS)


def test_one_letter_and_one_case() -> None:
    out = printed(letter="reminder", case="one-of-three", html=True)
    assert out.count("===") == 1
    assert "<!DOCTYPE html>" in out
    with pytest.raises(CommandError, match=r"no such case here; there are one, one-for-another"):
        printed(letter="password", case="three")


def test_a_folder_with_an_index(tmp_path: Path) -> None:
    assert str(len(PAIRS)) in printed(folder=tmp_path / "neu")
    index = (tmp_path / "neu" / "index.html").read_text("utf-8")
    for letter, case in PAIRS:
        for ending in ("html", "txt"):
            assert (tmp_path / "neu" / f"{letter}_{case}.{ending}").stat().st_size > 300
            assert f'href="{letter}_{case}.{ending}"' in index
    (tmp_path / "taken").write_text("")
    with pytest.raises(CommandError, match="taken"):
        printed(folder=tmp_path / "taken")
