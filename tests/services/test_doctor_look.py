"""What the doctor says of the page's look."""

from __future__ import annotations

from worker.services.doctor.diagnosis import Grade
from worker.services.doctor.look import SHEETS, examine_look


def test_complete() -> None:
    assert [line.grade for line in examine_look()] == [Grade.OK]


def test_one_sheet_is_missing() -> None:
    (line,) = examine_look(lambda sheet: sheet != SHEETS[-1])
    assert line.grade is Grade.WARN
    assert "npm" in line.advice
