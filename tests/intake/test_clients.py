"""Whole mails as mail programs write them: every `fixtures/NAME.eml` is read as `fixtures/NAME.txt` says.

The expected text lists the parts in order: `[kind]`, with the source where it is not plain text, a line `@` with
the sender, recipients and subject that the part names, its text, and a line `#` for every row of its tables.
"""

from pathlib import Path

import pytest

from rules.model import Message
from worker.intake.parse import parse_message

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.eml"))


def described(message: Message) -> str:
    lines: list[str] = []
    for part in message.parts:
        source = "" if part.source in ("text/plain", "subject") else f" {part.source}"
        lines.append(f"[{part.kind.value}{source}]")
        if part.sender:
            people = ", ".join(found.address or found.name for found in part.recipients)
            lines.append(f"@ {part.sender.name} <{part.sender.address}> to {people} | {part.subject}".rstrip())
        lines.append(part.text)
        lines += ["# " + " | ".join(cell.text for cell in row) for table in part.tables for row in table.rows]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def test_no_fixture_is_forgotten() -> None:
    assert len(FIXTURES) == 56
    assert all(path.with_suffix(".txt").exists() for path in FIXTURES)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_mail_is_read_as_expected(path: Path) -> None:
    assert described(parse_message(path.read_bytes())) == path.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_cells_point_at_their_text(path: Path) -> None:
    for part in parse_message(path.read_bytes()).parts:
        for table in part.tables:
            assert all(part.text[cell.start : cell.end] == cell.text for row in table.rows for cell in row)
            assert table.start == table.rows[0][0].start
            assert table.end == table.rows[-1][-1].end
