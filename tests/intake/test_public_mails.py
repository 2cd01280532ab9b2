"""Mails that nobody here wrote, where they lie beside the repository: read without exception and without loss.

They are never committed (reliability.md §4); without them these tests say so and are skipped.
"""

import email
import re
from pathlib import Path
from typing import Any

import pytest

from worker.intake.charset import decode_text
from worker.intake.normal import normal_text
from worker.intake.parse import parse_message

SHARED = Path(__file__).parents[3] / "shared"
FOLDERS = [SHARED / "public-mails", SHARED / "corpus" / "mails"]
PATHS = [path for folder in FOLDERS for path in sorted(folder.rglob("*.eml"))]
pytestmark = pytest.mark.skipif(not PATHS, reason=f"no mails of others under {SHARED.name}/: nothing to compare with")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem[-60:])
def test_a_foreign_mail_is_read(path: Path) -> None:
    raw = path.read_bytes()
    message = parse_message(raw)
    assert message == parse_message(raw)
    assert all(part.text.strip() for part in message.parts)


def test_plain_texts_are_not_lost() -> None:
    """Nearly every word of every text/plain body stands in some part, by the standard library's reading.

    Left out: header lines that became `sender` and the like, and mails whose MIME the two readings split otherwise.
    """
    losses = {path.name: lost for path in PATHS if (lost := _lost_share(path.read_bytes())) > 0.25}
    assert len(losses) <= len(PATHS) // 40, losses


def _lost_share(raw: bytes) -> float:
    words: set[str] = set()
    for part in _plain_parts(email.message_from_bytes(raw)):
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        charset = part.get_param("charset") or ""
        words |= _words(normal_text(decode_text(content, str(charset))[0]))
    parts = parse_message(raw).parts
    found = _words(" ".join(f"{part.text} {part.sender} {part.recipients} {part.subject}" for part in parts))
    return len(words - found) / max(len(words), 20)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", text))


def _plain_parts(mail: Any, *, in_report: bool = False) -> list[Any]:
    kind = mail.get_content_type()
    if in_report and kind.startswith("message/"):
        return []
    children = mail.get_payload()
    if isinstance(children, list):
        report = in_report or kind == "multipart/report"
        return [found for part in children for found in _plain_parts(part, in_report=report)]
    return [mail] if kind == "text/plain" else []
