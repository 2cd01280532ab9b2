"""Every code has a Hungarian name; marking values loses no letter."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue import load_catalogue
from registry.models import HandlingOutcome, RegistrationStatus
from review.evidence import find_seen, origin_of
from review.highlights import Span, split_text
from review.labels import label, load_labels
from review.tabs import TABS
from review.templatetags.words import age
from rules.chain import decide
from rules.model import JegyzoStatus, Kind, Note, Origin, Outcome, PartKind, Problem
from tests.review.factory import Applicant, make_raw, request_text
from worker.intake.parse import parse_message
from worker.models import MailState, ReplyState

ROOT = Path(__file__).resolve().parents[2]
GROUPS: dict[str, list[str]] = {
    "problem": list(Problem),
    "problem_long": list(Problem),
    "asked_for": list(Problem),
    "note": list(Note),
    "note_long": list(Note),
    "jegyzo": list(JegyzoStatus),
    "kind": list(Kind),
    "outcome": list(Outcome),
    "origin": list(Origin),
    "part": list(PartKind),
    "status": list(RegistrationStatus.values),
    "mail_state": list(MailState.values),
    "reply_state": list(ReplyState.values),
    "handling": list(HandlingOutcome.values),
    "tab": [tab.slug for tab in TABS],
    "tab_empty": [tab.slug for tab in TABS],
}


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_every_code_has_words(group: str) -> None:
    lacking = set(GROUPS[group]) - set(load_labels()[group])
    assert not lacking, f"templates/review/labels/: [{group}] needs a line for {lacking}"


def test_every_event_the_code_writes_has_words() -> None:
    verbs: set[str] = set()
    for folder in ("registry/services", "worker/services", "review/views"):
        for file in (ROOT / folder).rglob("*.py"):
            verbs |= set(re.findall(r'verb="(\w+)"', file.read_text("utf-8")))
            verbs |= set(re.findall(r'record_change\(\s*registration,\s*actor,\s*"(\w+)"', file.read_text("utf-8")))
    assert len(verbs) > 20
    assert verbs <= set(load_labels()["event"])


def test_every_reason_of_an_unreadable_file_has_words() -> None:
    reasons: set[str] = set()
    for file in (ROOT / "worker/intake").glob("*.py"):
        reasons |= set(re.findall(r'UnreadableError\("([^"]+)"\)', file.read_text("utf-8")))
    assert reasons <= set(load_labels()["unreadable"])


def test_words_take_facts_and_miss_none() -> None:
    assert label("done", "approved", name="Kovács Anna") == "Kovács Anna: a kérelem jóváhagyva."
    assert label("done", "approved", other="x") == "–: a kérelem jóváhagyva."
    assert label("failure", "KeyError").endswith("(programhiba: KeyError)")
    assert label("nincs", "ilyen") == "ilyen"


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=8))
def test_marking_keeps_every_letter(text: str, spans: list[tuple[int, int]]) -> None:
    segments = split_text(text, [Span(start, end, "pir") for start, end in spans])
    assert "".join(segment.text for segment in segments) == text


def test_of_overlapping_spans_the_earlier_and_longer_is_marked() -> None:
    spans = [Span(2, 4, "b"), Span(0, 3, "a"), Span(0, 2, "c"), Span(5, 6, "d")]
    assert [(segment.text, segment.field) for segment in split_text("012345", spans)] == [
        ("012", "a"),
        ("34", ""),
        ("5", "d"),
    ]


def test_blanks_at_a_values_ends_are_not_marked() -> None:
    assert [(one.text, one.field) for one in split_text("Név: Kis Pál \n", [Span(4, 14, "full_name")])] == [
        ("Név: ", ""),
        ("Kis Pál", "full_name"),
        (" \n", ""),
    ]


def test_evidence_is_read_from_whatever_shape_holds_it() -> None:
    seen = {"part": 1, "start": 2, "end": 5, "excerpt": "abc", "source": "text/plain"}
    assert len(find_seen([{"value": "x", "evidence": [seen, seen]}, {"evidence": [seen | {"part": 2}]}])) == 2
    assert find_seen(None) == find_seen("abc") == find_seen({"part": "x", "start": 0, "end": 0}) == []
    assert origin_of([{"origin": "shared"}]) == "shared"


def test_every_rule_has_its_sentences() -> None:
    raw = make_raw(request_text(Applicant()))
    rules = {finding.rule for finding in decide(parse_message(raw), load_catalogue()).findings}
    assert len(rules) > 40
    for group in ("rule_hit", "rule_miss", "question"):
        lacking = rules - set(load_labels()[group])
        assert not lacking, f"templates/review/labels/ (base.toml, case.toml): [{group}] needs a line for {lacking}"
    assert set(load_labels()["rule_hit"]) == set(load_labels()["rule_miss"])


def test_every_rule_has_its_question_and_both_answers() -> None:
    labels = load_labels()
    assert labels["question"].keys() - {"_other"} == labels["rule_hit"].keys() == labels["rule_miss"].keys()


def test_less_than_a_minute_is_now() -> None:
    assert (age(now()), age(now() - timedelta(minutes=3)), age(None)) == ("most", "3\xa0perc", "")
