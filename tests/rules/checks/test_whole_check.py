"""A check is in many places at once. For each check, problem and note one test says all of them that it lacks."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pytest

from registry.services.about import FIELD_OF
from rules.answers.asked import REFUSING as ASKED
from rules.case import Case
from rules.chain import PERSON_CHECKS
from rules.model import Finding, Note, Problem
from tests.replies.test_every_combination import LABELS, SIGNS
from tests.rules.checks.test_findings import HIT_SAYS
from tests.rules.checks.test_person_checks import HITS
from worker.replies.cases import NOT_GIVEN, WRONG
from worker.replies.items import OF_MODULES, OF_THE_MAIL, REFUSING

ROOT = Path(__file__).resolve().parents[3]
PHRASES = "templates/replies/shared/phrases.txt"
RULES_PAGE = "docs/rules.md: run `python -m tools.rules_doc`"
OF_NO_FIELD = {Note.DATA_ONLY_IN_UNREADABLE_ATTACHMENT, Note.ANSWER_CONTRADICTS}  # notes on the whole request


def in_file(name: str, text: str) -> bool:
    return text in (ROOT / name).read_text("utf-8")


def labels_lacking(file: str, code: str, *groups: str) -> list[str]:
    """The tables of a file of labels that have no line for `code`, as something to do."""
    table = tomllib.loads((ROOT / "templates/review/labels" / file).read_text("utf-8"))
    return [
        f"templates/review/labels/{file}: a line `{code} = …` in [{one}]" for one in groups if code not in table[one]
    ]


def lacking(places: dict[str, bool]) -> list[str]:
    return [place for place, there in places.items() if not there]


@pytest.mark.parametrize("check", PERSON_CHECKS, ids=lambda check: check.__module__.rpartition(".")[2])
def test_nothing_of_a_check_is_forgotten(check: Callable[[Case], Finding]) -> None:
    rule = check.__module__.rpartition(".")[2]
    todo = [
        *labels_lacking("base.toml", rule, "rule_hit", "rule_miss"),
        *labels_lacking("case.toml", rule, "question"),
        *lacking(
            {
                "tests/rules/checks/test_person_checks.py: a case in HITS": any(one is check for one, _, _ in HITS),
                "tests/rules/checks/test_findings.py: in HIT_SAYS, what a hit shows": rule in HIT_SAYS,
                RULES_PAGE: in_file("docs/rules.md", f"\n### `{rule}`\n"),
            }
        ),
    ]
    assert not todo, "\n".join((f"the check {rule} still needs", *todo))


@pytest.mark.parametrize("problem", Problem)
def test_nothing_of_a_problem_is_forgotten(problem: Problem) -> None:
    todo = labels_lacking("base.toml", problem, "problem", "problem_long", "asked_for")
    places = {
        "registry/services/about.py: in ABOUT, at the field where the page shows it": problem in FIELD_OF,
        "tests/replies/test_every_combination.py: in SIGNS (a stretch of its sentence alone)": problem in SIGNS,
        "docs/policy.md: in the list of section 6": in_file("docs/policy.md", f"`{problem}`"),
        RULES_PAGE: in_file("docs/rules.md", f"| `{problem}` | problem |"),
    }
    if problem not in OF_THE_MAIL:  # the jegyző's have a sentence and a line of the form of their own
        places |= {
            f"{PHRASES}: its sentence in `reason`": in_file(PHRASES, f'item.problem == "{problem}"'),
            "rules/answers/asked.py: in REFUSING, what an answer may fill": _in_any(problem, ASKED.values()),
            "worker/replies/items.py: in REFUSING, the form's line that stays empty": _in_any(
                problem, REFUSING.values()
            ),
            "tests/replies/test_every_combination.py: in LABELS; in EXCLUSIVE what it never meets": _in_any(
                problem, LABELS.values()
            ),
            "worker/replies/cases.py: in NOT_GIVEN or WRONG, for `aspoktatas reply-preview`": problem
            in {*NOT_GIVEN, *WRONG, *OF_MODULES},
        }
    todo += lacking(places)
    assert not todo, "\n".join((f"the problem {problem} still needs", *todo))


@pytest.mark.parametrize("note", Note)
def test_nothing_of_a_note_is_forgotten(note: Note) -> None:
    todo = labels_lacking("base.toml", note, "note", "note_long")
    todo += lacking(
        {
            "registry/services/about.py: in ABOUT, at the field where the page shows it": note
            in {*FIELD_OF, *OF_NO_FIELD},
            RULES_PAGE: in_file("docs/rules.md", f"| `{note}` | note |"),
        }
    )
    assert not todo, "\n".join((f"the note {note} still needs", *todo))


def _in_any(problem: Problem, groups: Iterable[Collection[Problem]]) -> bool:
    return any(problem in group for group in groups)
