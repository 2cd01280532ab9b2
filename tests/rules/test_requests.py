"""Whole mails in many voices, each with the verdict it must have: tests/rules/requests/*.toml."""

from __future__ import annotations

import tomllib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from config.catalogue import load_catalogue
from rules.chain import decide
from rules.model import Person, Verdict
from tests.rules.labels import with_later_modules
from worker.intake.parse import parse_message

FOLDER = Path(__file__).parent / "requests"
FEWEST = 390  # mails in the folder; grows with it
FIELDS = ("full_name", "municipality", "pir", "county", "email")


def mails() -> list[tuple[str, dict[str, Any]]]:
    """Every mail of the folder with a name for the report."""
    return [
        (f"{path.stem}: {mail['name']}", mail)
        for path in sorted(FOLDER.glob("*.toml"))
        for mail in tomllib.loads(path.read_text("utf-8"))["mail"]
    ]


def verdict_on(mail: dict[str, Any]) -> Verdict:
    """The verdict on a mail of the folder, read as any mail is."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = mail["from"]
    letter["To"] = mail.get("to", "ASP Oktatás <aspoktatas@allamkincstar.gov.hu>")
    if "cc" in mail:
        letter["Cc"] = mail["cc"]
    letter["Subject"] = mail["subject"]
    letter["Message-ID"] = "<1@example.org>"
    for name, value in mail.get("headers", {}).items():
        letter[name] = value
    if "text" in mail:
        letter.set_content(mail["text"].strip("\n") + "\n")
    if "html" in mail:
        letter.add_alternative(mail["html"], "html") if "text" in mail else letter.set_content(mail["html"], "html")
    return decide(parse_message(letter.as_bytes()), load_catalogue())


def as_label(person: Person) -> dict[str, Any]:
    """A person in the words of the label files: fields that have a value, modules and problems where there are any."""
    found: dict[str, Any] = {name: getattr(person, name).value for name in FIELDS if getattr(person, name)}
    if person.modules:
        found["modules"] = sorted(field.value for field in person.modules)
    if person.problems:
        found["problems"] = sorted(problem.value for problem in person.problems)
    return found


def label(person: dict[str, Any]) -> dict[str, Any]:
    if "modules" in person:
        person = {**person, "modules": with_later_modules(person["modules"])}
    return {key: sorted(value) if isinstance(value, list) else value for key, value in person.items() if key != "notes"}


def test_there_are_enough_mails() -> None:
    assert len(mails()) >= FEWEST


@pytest.mark.parametrize(("name", "mail"), mails(), ids=[name for name, _ in mails()])
def test_mail(name: str, mail: dict[str, Any]) -> None:
    verdict = verdict_on(mail)
    people = [as_label(person) for person in verdict.people]
    assert verdict.kind.value == mail["kind"], verdict.reason
    assert people == [label(person) for person in mail.get("people", [])]
    assert {outcome.value for outcome in verdict.outcomes} == set(mail["outcomes"])
    if "jegyzo" in mail:
        assert verdict.jegyzo
        assert verdict.jegyzo.status.value == mail["jegyzo"]
    for wanted, person in zip(mail.get("people", []), verdict.people, strict=True):
        assert set(wanted.get("notes", [])) <= {note.value for note in person.notes}
