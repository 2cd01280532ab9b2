"""What masking covers, what it leaves, and that no place in a text moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from review.privacy.masking import COVER, find_personal, mask
from review.privacy.numbers import is_card, is_personal_number, is_taj, is_tax_identifier
from rules.chain import decide
from worker.intake.parse import parse_message

FOLDER = Path(__file__).parent


def cases(name: str) -> list[str]:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return [line.replace("⏎", "\n").replace("⇥", "\t") for line in lines if line and not line.startswith("#")]


COVERED, LEFT = cases("covered.txt"), cases("left.txt")


def test_there_are_cases_enough() -> None:
    assert len(COVERED) >= 60
    assert len(LEFT) >= 60


@pytest.mark.parametrize("case", COVERED)
def test_what_nobody_asked_for_is_covered(case: str) -> None:
    pieces = case.replace("⟦", "⟧").split("⟧")
    plain = "".join(pieces)
    wanted = "".join(
        "".join(COVER if letter.isalnum() else letter for letter in piece) if number % 2 else piece
        for number, piece in enumerate(pieces)
    )
    assert mask(plain) == wanted


@pytest.mark.parametrize("text", LEFT)
def test_what_was_asked_for_and_what_an_office_has_of_its_own_stays(text: str) -> None:
    assert mask(text) == text


def test_a_column_under_its_heading_is_covered_to_the_tables_end() -> None:
    text = (
        "Név\tTAJ szám\tAnyja neve\tSzül. idő\tPIR\n"
        "Minta Anna\t999999999\tKiss Mária\t1985.03.04.\t740746\n"
        "Minta Béla\t\tTóth Éva\t1979.11.30.\t740746\n"
        "\n"
        "Minta Cili\t111222333\tkérjük\tholnap\t740746\n"
    )
    covered = mask(text)
    assert "Kiss" not in covered
    assert "Tóth" not in covered
    assert "1979" not in covered
    assert covered.count("740746") == 3
    assert covered.endswith("Minta Cili\t111222333\tkérjük\tholnap\t740746\n")


def test_no_module_code_and_no_name_of_a_module_is_covered() -> None:
    for module in load_catalogue().modules:
        for text in (module.id, f"Kérem: {module.id} {module.short_name} ({module.probono_name})"):
            assert mask(text) == text


def test_no_value_that_is_read_from_a_real_mail_is_covered() -> None:
    files = sorted((FOLDER.parents[1] / "mails").rglob("*.eml"))
    catalogue, seen = load_catalogue(), 0
    for file in files:
        message = parse_message(file.read_bytes())
        for person in decide(message, catalogue).people:
            fields = (person.full_name, person.municipality, person.pir, person.county, person.email, *person.modules)
            for one in [one for field in fields if field for one in field.evidence if one.part >= 0]:
                text = message.parts[one.part].text
                assert mask(text)[one.start : one.end] == text[one.start : one.end], file.name
                seen += 1
    assert seen > 500


def test_decomposed_accents_are_read_and_keep_their_places() -> None:
    text = "Születési idő: 1985.03.04."
    decomposed = "Szu\u0308lete\u0301si ido\u030b: 1985.03.04."
    assert mask(text).endswith("••••.••.••.")
    assert len(mask(decomposed)) == len(decomposed)
    assert mask(decomposed).endswith(": ••••.••.••.")


def test_check_digits() -> None:
    assert is_taj("123456788")
    assert not is_taj("123456789")
    assert not is_taj("301234560")  # a mobile phone
    assert is_tax_identifier("8123456786")
    assert not is_tax_identifier("8123456785")
    assert is_personal_number("29107154565")
    assert not is_personal_number("29113154565")  # no such month
    assert is_card("123456")
    assert not is_card("740746")


@given(st.text())
def test_any_text_keeps_its_length_and_its_spans_are_in_order(text: str) -> None:
    assert len(mask(text)) == len(text)
    ends = [place for span in find_personal(text) for place in span]
    assert ends == sorted(ends)


@given(st.text(alphabet="TAJ anyjneve:szül.0123456789-/\n\t|;()áé", max_size=200))
def test_texts_near_the_labels_too(text: str) -> None:
    covered = mask(text)
    assert len(covered) == len(text)
    assert all(one in (other, COVER) for one, other in zip(covered, text, strict=True))
