"""Every incomplete mail we know: our letter's form filled in with right values makes each request ready (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from rules.chain import decide
from rules.model import Context, Outcome, Person, Status
from tests.rules.answers.conversation import CATALOGUE, OWN, Case, answer
from tests.rules.answers.filling import CLERK, OF_CLERK, STYLES, WAYS, returned
from worker.intake.parse import parse_message
from worker.replies.compose import compose_reply

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "corpus" / "mails"
ONE_IN_TWENTY = 0.05  # free words may go to staff now and then, the form never
FOLDERS = [SHARED, *sorted((ROOT / "tests" / "mails").glob("blind-*"))]


@lru_cache(maxsize=16)
def open_cases(folder: Path) -> tuple[tuple[str, Case], ...]:
    """The mails of a folder to which our letter asks for something, each with its verdict and the letter."""
    found = []
    for path in sorted(folder.glob("*.eml")):
        message = parse_message(path.read_bytes())
        verdict = decide(message, CATALOGUE)
        if Outcome.REPLY_MISSING in verdict.outcomes and verdict.reply:
            letter = compose_reply(message, verdict, CATALOGUE, own_address=OWN, token="7F3K2M")
            found.append((path.name, Case(message, verdict, letter)))
    return tuple(found)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_form_filled_in_makes_everybody_ready(folder: Path, way: str) -> None:
    if not folder.is_dir():
        pytest.skip("the shared mails are not on this machine")
    assert open_cases(folder)
    unready = []
    for name, case in open_cases(folder):
        verdict = decide(
            returned(case.message, case.verdict, case.letter, way), CATALOGUE, replace(Context(), earlier=case.earlier)
        )
        expected = len(case.verdict.people)
        statuses = [person.status for person in verdict.people]
        if statuses != [Status.READY] * expected or verdict.continues != expected or verdict.reply:
            unready.append(f"{name}: {verdict.kind} {verdict.reason} {told_of(verdict.people)}")
    assert not unready, "\n".join(unready)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_missing_values_alone_make_everybody_ready(folder: Path, style: str) -> None:
    if not folder.is_dir():
        pytest.skip("the shared mails are not on this machine")
    unready = []
    for name, case in open_cases(folder):
        asked = {problem for person in case.verdict.people for problem in person.problems}
        sender = case.message.from_[0].address if case.message.from_ else "a@posta.example"
        verdict = answer(case, STYLES[style](case.verdict), sender=sender, cc=CLERK if asked & OF_CLERK else "")
        if {person.status for person in verdict.people} != {Status.READY}:
            unready.append(f"{name}: {verdict.kind} {verdict.reason} {told_of(verdict.people)}")
    allowed = len(open_cases(folder)) * ONE_IN_TWENTY
    assert len(unready) <= allowed, "\n".join(unready)


def told_of(people: tuple[Person, ...]) -> list[str]:
    return [" ".join([str(person.status), *map(str, person.problems), *map(str, person.notes)]) for person in people]
