"""What the docs name is there, and what is there is named: commands, variables, states, rules, targets of make."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from config.accounts import PER_MAILBOX
from config.catalogue import load_catalogue
from config.cli import COMMANDS
from config.environment import FOLDERS
from registry.models import RegistrationStatus
from rules.check_digits import is_pir, pir_from_tax
from rules.model import JegyzoStatus, Kind, Note, Outcome, Problem, Status
from tests.docs.reading import DOCS, ROOT, TODAY, code_of
from tools.rules_doc import PAGE, page
from worker.dryrun import verdict_json
from worker.models import MailState, ReplyState

CONFIGURATION = (DOCS / "configuration.md").read_text("utf-8")
OPERATION = (DOCS / "operation.md").read_text("utf-8")
TROUBLE = (DOCS / "trouble.md").read_text("utf-8")
FOR_TESTS = {"CRASH_AT"}  # read by worker/crash_points.py, which our image compiles away
CALLED = re.compile(r"(?:^|[/ ])(?<! -[a-zU] )aspoktatas ([a-z][a-z-]*)(?=$|[ ,;])")  # `-u aspoktatas` is a user
FURTHER_MAILBOX = re.compile(r"_[2-9]$")


def variables() -> set[str]:
    """Every name that the configuration reads, without the prefix."""
    source = "".join(file.read_text("utf-8") for file in (ROOT / "config").glob("*.py"))
    read = set(re.findall(r'read\.(?:text|words|number|choice|parsed)\("([A-Z_]+)"', source))
    read |= {name + suffix for name in PER_MAILBOX for suffix in ("", "_2")}
    return read | {f"FOLDER_{key}" for key in FOLDERS}


def test_every_variable_of_the_code_is_documented_and_the_other_way_round() -> None:
    documented = set(re.findall(r"^\| `ASPOKTATAS_([A-Z_2]+)`", CONFIGURATION, re.MULTILINE))
    assert variables() == documented
    assert len(documented) > 15


@pytest.mark.parametrize("name", sorted(TODAY))
def test_every_variable_that_a_page_names_is_read(name: str) -> None:
    known = variables() | FOR_TESTS
    for found in re.findall(r"\bASPOKTATAS_([A-Z0-9_]*[A-Z0-9])\b", TODAY[name]):
        plain = FURTHER_MAILBOX.sub("", found.removesuffix("_FILE"))
        family = any(one.startswith(f"{plain}_") for one in known)  # ASPOKTATAS_MOODLE_… names several
        assert plain in known or f"{plain}_FILE" in known or family, found


def test_every_command_is_documented() -> None:
    assert set(re.findall(r"^\| `aspoktatas ([a-z-]+)", OPERATION, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(TODAY))
def test_every_command_that_a_page_names_is_there(name: str) -> None:
    for code in code_of(TODAY[name]):
        for word in CALLED.findall(code):
            assert word in COMMANDS, code


@pytest.mark.parametrize("name", sorted(TODAY))
def test_every_target_of_make_that_a_page_names_is_there(name: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for code in code_of(TODAY[name]):
        assert set(re.findall(r"^make ([a-z-]+)", code)) <= targets, code


@pytest.mark.parametrize(
    ("word", "states"),
    [("Mail", MailState.values), ("Registration", RegistrationStatus.values), ("Reply", ReplyState.values)],
)
def test_the_states_are_those_of_the_ledger(word: str, states: list[str]) -> None:
    section = OPERATION.partition("## States")[2].partition("\n## ")[0]
    said = re.search(rf"^\*{word}\*:(.*?)(?=^\*|\Z)", section, re.MULTILINE | re.DOTALL)
    assert said
    assert set(re.findall(r"`(\w+)`", said[1])) == set(states)


def test_every_alarm_is_told_with_its_remedy() -> None:
    alarms = set(tomllib.loads((ROOT / "templates/alarms/words.toml").read_text("utf-8")))
    assert alarms
    table = OPERATION.partition("| alarm | when |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == alarms
    assert alarms <= set(re.findall(r"alarm `(\w+)`", TROUBLE))


@pytest.mark.parametrize("quoted", sorted(set(re.findall(r"`doctor`: `([^`]+)`", TROUBLE))))
def test_what_the_doctor_is_quoted_with_is_what_it_says(quoted: str) -> None:
    folders = ("worker/services/doctor", "worker/management/commands")
    source = "".join(file.read_text("utf-8") for folder in folders for file in (ROOT / folder).glob("*.py"))
    for piece in quoted.removeprefix("ASPOKTATAS_").split("…"):
        assert piece.strip() in source


def test_the_page_of_the_rules_is_made_from_todays_docstrings() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python -m tools.rules_doc`"


@pytest.mark.parametrize("code", [*Problem, *Note])
def test_the_page_of_the_rules_names_what_they_find(code: str) -> None:
    assert f"`{code}`" in page()


def test_the_policy_names_every_word_of_a_verdict_but_later_notes() -> None:
    policy = (DOCS / "policy.md").read_text("utf-8")
    words = {*Kind, *Outcome, *Status, *JegyzoStatus, *Problem}
    assert {word for word in words if f"`{word}`" not in policy} == set()
    assert {note for note in Note if f"`{note}`" in policy} > {Note.COUNTY_INFERRED, Note.PIR_FROM_TAX_NUMBER}


def test_the_sample_verdict_has_the_shape_of_a_verdict() -> None:
    shown = json.loads((DOCS / "verdict.md").read_text("utf-8").partition("```json")[2].partition("```")[0])
    raw = (ROOT / "tests/mails/blind-a/01-alulirott-sumeg.eml").read_bytes()
    real = verdict_json("request.eml", raw, load_catalogue())
    assert list(shown) == list(real)
    assert list(shown["people"][0]) == list(real["people"][0])
    assert list(shown["jegyzo"]) == list(real["jegyzo"])
    assert set(shown["people"][0]["problems"]) <= set(Problem)


def test_the_numbers_offered_for_mails_of_ours_are_right() -> None:
    pairs = re.findall(r"\b(\d{6})→(\d{8})\b", (DOCS / "data.md").read_text("utf-8"))
    assert len(pairs) > 20
    for pir, tax in pairs:
        assert is_pir(pir)
        assert pir_from_tax(tax) == pir
