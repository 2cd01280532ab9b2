"""The labelled mails of tests/mails/: the shares right may only grow, and the dangerous mistakes stay at none."""

from __future__ import annotations

from typing import Any

import pytest

from config.catalogue import load_catalogue
from tests.rules.labels import MAILS, best_label, load_labelled, routed_unready, same_outcome, wrong_people
from worker.dryrun import verdict_json

# folder: (mails, at least so many right in kind and outcomes, at most so many people not wholly right)
FLOORS = {
    "blind-a": (70, 70, 0),
    "blind-b": (70, 70, 0),
    "blind-c": (60, 60, 0),
    "blind-d": (80, 80, 0),
    "blind-e": (60, 60, 0),
    "blind-f": (70, 70, 0),
    "blind-g": (70, 70, 0),
    "blind-h": (60, 60, 0),
    "blind-i": (90, 90, 1),
    "blind-j": (84, 82, 5),
}


@pytest.fixture(scope="module", params=sorted(FLOORS))
def judged(request: pytest.FixtureRequest) -> tuple[str, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """The folder's name, and each mail's best label beside its verdict."""
    catalogue = load_catalogue()
    pairs = []
    for mail in load_labelled(MAILS / request.param):
        verdict = verdict_json(mail.path.name, mail.path.read_bytes(), catalogue)
        pairs.append((best_label(mail, verdict), verdict))
    return request.param, pairs


def test_shares_right(judged: tuple[str, list[tuple[dict[str, Any], dict[str, Any]]]]) -> None:
    folder, pairs = judged
    number, outcomes, people = FLOORS[folder]
    assert len(pairs) == number
    assert sum(same_outcome(label, verdict) for label, verdict in pairs) >= outcomes
    assert sum(wrong_people(label, verdict) for label, verdict in pairs if label["kind"] == "registration") <= people


def test_no_automatic_mail_is_answered(judged: tuple[str, list[tuple[dict[str, Any], dict[str, Any]]]]) -> None:
    answered = [v["file"] for label, v in judged[1] if label["kind"] == "automatic" and (v["reply"] or v["people"])]
    assert answered == []


def test_nothing_is_routed_that_is_not_ready(judged: tuple[str, list[tuple[dict[str, Any], dict[str, Any]]]]) -> None:
    assert [verdict["file"] for label, verdict in judged[1] if routed_unready(label, verdict)] == []


def test_every_folder_of_mails_is_scored() -> None:
    assert {folder.name for folder in MAILS.iterdir() if folder.is_dir()} == set(FLOORS)
