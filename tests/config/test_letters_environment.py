"""What operators may say of letters, reminders and copies, and the one line they get for what is wrong."""

from __future__ import annotations

import pytest

from config.environment import NOTICES, ConfigurationError
from tests.config.test_environment import load
from worker.replies.notices import Notice

__all__ = ["load"]


def test_the_defaults(load) -> None:  # type: ignore[no-untyped-def]  # the fixture is a function of any variables
    environment = load()
    assert (environment.sent_folder, environment.remind_after, environment.close_after) == ("auto", 5, 20)
    assert environment.notices == set(NOTICES) == set(Notice)


@pytest.mark.parametrize(
    ("given", "read"), [("", ""), ("off", ""), ("Auto", "auto"), ("Elküldött elemek", "Elküldött elemek")]
)
def test_the_sent_folder(load, given: str, read: str) -> None:  # type: ignore[no-untyped-def]
    assert load(SENT_FOLDER=given).sent_folder == read


@pytest.mark.parametrize(
    ("given", "read"),
    [("", set()), ("none", set()), ("rejected", {"rejected"}), ("closed, reminder", {"closed", "reminder"})],
)
def test_the_notices(load, given: str, read: set[str]) -> None:  # type: ignore[no-untyped-def]
    assert load(NOTICES=given).notices == read


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"NOTICES": "registered,reminders"}, "NOTICES"),
        ({"REMIND_AFTER": "five"}, "REMIND_AFTER"),
        ({"CLOSE_AFTER": "-1"}, "CLOSE_AFTER"),
        ({"CLOSE_AFTER": "5"}, "CLOSE_AFTER"),
        ({"REMIND_AFTER": "30"}, "CLOSE_AFTER"),
        ({"SENT_FOLDER": "Inbox", "IMAP_URL": "imap://a:b@localhost/INBOX"}, "SENT_FOLDER"),
    ],
)
def test_what_is_wrong_is_named(load, variables: dict[str, str], named: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigurationError, match=f"^ASPOKTATAS_{named}: "):
        load(**variables)


@pytest.mark.parametrize("variables", [{"REMIND_AFTER": "0", "CLOSE_AFTER": "3"}, {"CLOSE_AFTER": "0"}])
def test_one_without_the_other(load, variables: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    assert load(**variables)
