"""Boxes, crosses and words for yes: what of a list of choices is left to read."""

from __future__ import annotations

import pytest

from rules.reading.ticks import is_answer, is_tick, only_chosen


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("☒ Irat\n☐ ADÓ\n☒ Keret", "☒ Irat ☒ Keret"),
        ("[x] Irat [ ] ADÓ [X] Keret", "[x] Irat [X] Keret"),
        ("Irat ☒ ADÓ ☐ Keret ☒", "Irat ☒ Keret ☒"),
        ("Modulok: ☐ ADÓ ☑ Irat", "Modulok: ☑ Irat"),
        ("(x) ADÓ ( ) Irat", "(x) ADÓ"),
        ("☐ ADÓ\n☐ Irat", ""),
        ("□ ADÓ\n□ Irat", "□ ADÓ □ Irat"),  # a bullet that looks like a box
        ("ADÓ: igen\nIparker: nem", "ADÓ: igen"),
        ("x ADÓ\n  Keret\nx Iparker", "x ADÓ x Iparker"),
        ("x ADÓ\nE-mail: a@b.hu", "x ADÓ E-mail: a@b.hu"),
        ("ADÓ és Keret", "ADÓ és Keret"),
    ],
)
def test_only_chosen(text: str, left: str) -> None:
    found = only_chosen(text)
    assert len(found) == len(text)
    assert found.split() == left.split()


@pytest.mark.parametrize("cell", ["x", "X", "igen", "Igen.", "☒", "[x]", "✓", "1", "+", "kérem"])
def test_ticks(cell: str) -> None:
    assert is_tick(cell)
    assert is_answer(cell)


@pytest.mark.parametrize("cell", ["", "nem", "-", "☐", "[ ]", "..."])
def test_answers_that_are_no_ticks(cell: str) -> None:
    assert not is_tick(cell)
    assert is_answer(cell)


@pytest.mark.parametrize("cell", ["ADÓ", "2", "Nagy Éva", "igen, az adó"])
def test_no_answers(cell: str) -> None:
    assert not is_answer(cell)
