"""From figures to sentences: targets are computed, and sections of the docs are a run's and nobody's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.flame import sample
from bench.latency import spread
from bench.report.pages import PAGES, renew
from bench.report.targets import FLOOR, ONE, PEER, PLAIN, SQLITE, TWO, verdicts
from bench.staff.places import mails_of

DOCS = Path(__file__).resolve().parents[2] / "docs"


def line_of(**rates: float) -> dict[str, Any]:
    """Just enough of a run's figures."""
    usual = {PLAIN: 100.0, PEER: 50.0, FLOOR: 600.0, SQLITE: 140.0, ONE: 150.0, TWO: 260.0}
    contenders = {name: {"rate": rate} for name, rate in (usual | rates).items()}
    return {"machine": "two cores", "quick": False, "line": {"contenders": contenders}}


def said(found: dict[str, Any], word: str) -> str:
    """What is said of the one target that holds `word`."""
    [line] = [one for one in verdicts(found) if word in one.target]
    return line.said


def test_a_target_is_reached_by_its_figures() -> None:
    assert said(line_of(), "2 × the plain script") == "reached"
    assert said(line_of(), "5 × django-mailbox") == "reached"
    assert said(line_of(**{TWO: 199.0}), "2 × the plain script") == "not reached"
    assert said(line_of(**{SQLITE: 129.0}), "SQLite") == "not reached"


def test_what_was_not_measured_is_not_said_to_be_reached() -> None:
    assert said(line_of(), "latency") == "not measured"


def test_celery_may_use_a_tenth() -> None:
    assert said(line_of() | {"share": {"share": 0.1}}, "Celery") == "reached"
    assert said(line_of() | {"share": {"share": 0.101}}, "Celery") == "not reached"


def test_only_marked_sections_of_what_was_measured_change() -> None:
    day = "<!-- bench:day -->\nold\n<!-- /bench:day -->\n"
    page = f"before\n<!-- bench:targets -->\nold\n<!-- /bench:targets -->\nbetween\n{day}"
    told = renew(page, line_of())
    assert told.startswith("before\n<!-- bench:targets -->\n| target")
    assert told.endswith(f"between\n{day}")
    assert renew(told, line_of()) == told


def test_percentiles_are_in_milliseconds() -> None:
    told = spread([number / 1000 for number in range(1, 202)])
    assert (told["n"], told["p50"], told["p95"], told["max"]) == (201, 101.0, 191.0, 201.0)


def test_the_uids_of_a_ledger_have_no_gap() -> None:
    assert (mails_of(0), mails_of(100), mails_of(100_000)) == (0, 120, 120_000)


def test_samples_name_who_used_the_time() -> None:
    stacks = sample(lambda: sum(number * number for number in range(3_000_000)))
    assert sum(stacks.values()) > 3


@pytest.mark.parametrize("name", PAGES)
def test_the_docs_say_what_the_run_found(name: str) -> None:
    page = (DOCS / name).read_text("utf-8")
    found = json.loads((DOCS / "performance.json").read_text("utf-8"))
    assert renew(page, found) == page
    assert all(found.get(part) for part in ("line", "share", "latency", "reading", "scaling", "growth", "staff"))
