"""The glances that spare most mails a look at each line: whatever the looks would find, the glance must let through."""

from __future__ import annotations

import pytest

from rules.model import PartKind
from rules.text import fold
from worker.intake import markers
from worker.intake.boundaries import find_boundary, may_announce
from worker.intake.lines import Line, plain_lines
from worker.intake.own_form import may_be_ours
from worker.intake.quoting import Envelope, split_quotes
from worker.intake.stacked import with_stacked
from worker.intake.tables import with_tables

MARKERS = (
    "---- Továbbított üzenet ----",
    "TOVABBITOTT LEVEL:",
    "Begin forwarded message:",
    "---- Weitergeleitete Nachricht ----",
    "---- Továbbította: Kis Anna ----",
    "-----Eredeti üzenet-----",
    "----- Original Message -----",
    "----- Or\u0131g\u0131nal Message -----",
    "---- Ursprüngliche Nachricht ----",
    "---- Válasz üzenet ----",
)
WRITERS = (
    "Kis Anna <a@b.hu> ezt írta (2026. jan. 2.):",
    "Kis Anna <a@b.hu> ezt \u0131rta (2026. jan. 2.):",
    "On 2026-01-02 Kis Anna wrote:",
    "Am 2026-01-02 schrieb Kis Anna:",
    "2026-01-02 Kis Anna writes:",
    "Idézet Kis Anna <a@b.hu> 2026-01-02:",
)
LABELS = [
    form.format(label) for label in markers.HEADER_LABELS["from"] for form in ("{}: ", "*{}:* ", "| {} \t: ", "{} * : ")
]


@pytest.mark.parametrize("line", MARKERS + WRITERS)
def test_an_announcement_is_never_passed_over(line: str) -> None:
    assert find_boundary([Line(line)], 0) is not None, "the example announces nothing"
    assert may_announce(fold(line))


@pytest.mark.parametrize("label", LABELS)
def test_a_header_block_is_never_passed_over(label: str) -> None:
    block = [Line(f"{label}Kis Anna <a@b.hu>"), Line("Date: 2026-01-02"), Line("Subject: x"), Line("Kérem.")]
    assert find_boundary(block, 0) is not None, "the example announces nothing"
    assert [one.kind for one in split_quotes(block, Envelope(subject="Re: x"))] == [PartKind.QUOTED]


def test_our_form_and_our_list_are_never_passed_over() -> None:
    assert may_be_ours(fold(markers.FORM_START.title()))
    assert may_be_ours(fold(markers.LIST_START))


def test_a_plain_request_is_looked_at_as_a_whole() -> None:
    text = "Tisztelt Cím!\n\nKérem a regisztrációmat.\nNév: Kis Anna\nPIR: 740009\nE-mail: kis.anna@tab.hu\n"
    assert not may_announce(fold(text))
    assert not may_be_ours(fold(text))
    assert [one.kind for one in split_quotes(plain_lines(text), Envelope())] == [PartKind.TEXT]


def test_a_rule_between_two_rows_parts_no_table() -> None:
    lines = [Line(text) for text in ("Név   PIR   E-mail", "------", "Kis Anna   740009   kis.anna@tab.hu")]
    assert [line.table for line in with_tables(lines)] == [1, 1]


@pytest.mark.parametrize("heading", ["E-mail", "E-mail   cím", "Munkahelyi\te-mail cím", "Elérhetőség"])
def test_cells_below_each_other_are_never_passed_over(heading: str) -> None:
    lines = [Line(text) for text in ("Név", "PIR", heading, "Kis Anna", "740009", "kis.anna@tab.hu")]
    assert [line.table for line in with_stacked(lines)] == [1, 1]
