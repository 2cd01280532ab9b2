"""The address of the privacy notice stands in every letter, in its text and its HTML; without one, nothing does."""

from __future__ import annotations

import email
import email.policy
from typing import cast

import pytest

from tests.replies.samples import CATALOGUE, OWN_ADDRESS
from worker.replies.cases import LETTERS, Case, sample_letters, write_sample

URL = "https://www.allamkincstar.example/adatkezeles?lap=asp&nyelv=hu"
SAMPLES = list(sample_letters(CATALOGUE))


def bodies(data: bytes) -> tuple[str, str]:
    mail = email.message_from_bytes(data, policy=email.policy.default)
    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    assert all(parts)
    return cast(tuple[str, str], tuple(str(part.get_content()) for part in parts if part))


def test_all_eight_letters_are_among_the_samples() -> None:
    assert len(LETTERS) == 8
    assert {letter for letter, _ in SAMPLES} == set(LETTERS)


@pytest.mark.parametrize(("letter", "case"), SAMPLES, ids=[f"{letter}-{case.name}" for letter, case in SAMPLES])
def test_the_notice_is_linked_in_text_and_html(letter: str, case: Case) -> None:
    text, html = bodies(write_sample(letter, case, CATALOGUE, OWN_ADDRESS, URL).data)
    assert f"Adatkezelési tájékoztató: {URL}" in text.replace("\n", " ").replace("\r", "")
    assert f'<a href="{URL.replace("&", "&amp;")}">Adatkezelési tájékoztató</a>' in html


@pytest.mark.parametrize("letter", LETTERS)
def test_without_an_address_there_is_no_line(letter: str) -> None:
    case = next(case for one, case in SAMPLES if one == letter)
    text, html = bodies(write_sample(letter, case, CATALOGUE, OWN_ADDRESS).data)
    assert "Adatkezelési" not in text
    assert "Adatkezelési" not in html
