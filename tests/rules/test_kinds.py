"""What a mail is: short letters, letters on the borders, machines and those who look like them (tests/rules/kinds)."""

from __future__ import annotations

import re
import tomllib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from config.catalogue import load_catalogue
from rules.chain import decide
from rules.model import Kind, Outcome, Verdict
from rules.reading.wish import ACCOUNTS, ASKING, COMPOSED, TROUBLES
from worker.intake.parse import parse_message

FOLDER = Path(__file__).parent / "kinds"
ROOT = Path(__file__).resolve().parents[2]
FEWEST = {"composed": 170, "wishes": 230, "borders": 190, "machine": 68, "person": 32}


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def verdict_on(text: str, subject: str, sender: str = "Minta Vera <minta.vera@tab.hu>", **headers: str) -> Verdict:
    """The verdict on a plain letter."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = sender
    letter["To"] = "aspoktatas@allamkincstar.gov.hu"
    letter["Subject"] = subject
    letter["Message-ID"] = "<1@tab.hu>"
    for name, value in headers.items():
        letter[name] = value
    letter.set_content(text + "\n")
    return decide(parse_message(letter.as_bytes()), load_catalogue())


def letters() -> list[tuple[str, str]]:
    return [(kind, text) for kind, texts in table("wishes").items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), letters())
def test_short_letter(kind: str, text: str) -> None:
    verdict = verdict_on(f"Tisztelt Oktatás!\n\n{text}\n\nÜdvözlettel:\nMinta Vera", "ASP")
    assert verdict.kind.value == kind, verdict.reason


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in table("composed").items() for text in texts]
)
def test_letter_in_words_no_list_has(kind: str, text: str) -> None:
    verdict = verdict_on(f"Tisztelt Oktatás!\n\n{text}\n\nÜdvözlettel:\nMinta Vera", "ASP")
    assert verdict.kind.value == kind, verdict.reason


@pytest.mark.parametrize("mail", table("borders")["mail"], ids=lambda mail: mail["text"][:40])
def test_letter_on_a_border(mail: dict[str, Any]) -> None:
    verdict = verdict_on(f"Tisztelt Oktatás!\n\n{mail['text']}\n\nÜdvözlettel:\nMinta Vera", mail["subject"])
    assert verdict.kind.value == mail["kind"], verdict.reason


@pytest.mark.parametrize("mail", table("automatic")["machine"], ids=lambda mail: mail["subject"])
def test_machine(mail: dict[str, Any]) -> None:
    headers = mail.get("headers", {})
    verdict = verdict_on(mail["text"], mail["subject"], mail.get("from", "Minta Vera <minta.vera@tab.hu>"), **headers)
    assert verdict.kind is Kind.AUTOMATIC
    assert verdict.outcomes == {Outcome.IGNORE}
    assert verdict.reply is None
    assert verdict.people == ()


@pytest.mark.parametrize("mail", table("automatic")["person"], ids=lambda mail: mail["subject"])
def test_person_who_looks_like_a_machine(mail: dict[str, Any]) -> None:
    headers = mail.get("headers", {})
    verdict = verdict_on(mail["text"], mail["subject"], mail.get("from", "Minta Vera <minta.vera@tab.hu>"), **headers)
    assert verdict.kind is not Kind.AUTOMATIC, verdict.reason


def test_there_are_enough_letters() -> None:
    automatic = table("automatic")
    found = {"wishes": len(letters()), "borders": len(table("borders")["mail"])}
    found["composed"] = sum(len(texts) for texts in table("composed").values())
    found |= {name: len(automatic[name]) for name in ("machine", "person")}
    assert all(found[name] >= fewest for name, fewest in FEWEST.items()), found


def test_every_list_of_phrases_that_a_wish_asks_for_is_looked_for() -> None:
    asked: set[str] = set()
    for folder in ("rules/kinds", "rules/reading", "rules/answers"):
        for file in (ROOT / folder).glob("*.py"):
            for words in re.findall(r"wish\.(?:said|asked|asked_of_training)\(([^()]*)\)", file.read_text("utf-8")):
                asked |= set(re.findall(r'"(\w+)"', words))
    assert len(asked) > 20
    unread = asked - {*ASKING, *TROUBLES, *ACCOUNTS, *COMPOSED}
    assert not unread, f"rules/reading/wish.py: name in TROUBLES, or the tuple of their like: {unread}"
