"""Tables whose cells were pasted a line each."""

from __future__ import annotations

from worker.intake.lines import joined, plain_lines
from worker.intake.stacked import with_stacked

HEADINGS = "Név\nTelepülés\nPIR\nE-mail\nModul\n"
ONE = "Próba Pál\nMintafalu\n740373\nproba.pal@gmail.com\nADÓ\n"
TWO = "Kísérlet Kata\nMintafalu\n740373\nkata@gmail.com\nKeret\n"


def rows_of(text: str) -> list[list[list[str]]]:
    """The tables found in `text`, as cells."""
    _, tables = joined(with_stacked(plain_lines(text)))
    return [[[cell.text for cell in row] for row in table.rows] for table in tables]


def test_two_people() -> None:
    assert rows_of("Kérjük:\n\n" + HEADINGS + ONE + TWO + "\nKöszönettel:\nRéti Ágnes\n") == [
        [HEADINGS.split("\n")[:-1], ONE.split("\n")[:-1], TWO.split("\n")[:-1]]
    ]


def test_empty_lines_between_cells() -> None:
    assert rows_of((HEADINGS + ONE).replace("\n", "\n\n")) == rows_of(HEADINGS + ONE)


def test_headings_with_their_values_below_each_are_no_table() -> None:
    assert rows_of("Név\nPróba Pál\nTelepülés\nMintafalu\nPIR\n740373\nE-mail\nproba.pal@gmail.com\n") == []


def test_a_row_that_lacks_its_address_ends_the_table() -> None:
    assert rows_of(HEADINGS + ONE + "Kísérlet Kata\nMintafalu\n740373\nKeret\n") == [
        [HEADINGS.split("\n")[:-1], ONE.split("\n")[:-1]]
    ]


def test_empty_form_stays_lines() -> None:
    assert rows_of(HEADINGS) == []
