"""Every conversation of tests/conversations/ ends as it should, against a real Dovecot and an SMTP server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from config.environment import Environment
from registry.folding import fold
from registry.models import Registration
from review.waiting import get_mails
from tests.integration.conversation import Conversation, Letter, load_conversations
from tests.servers.configured import environment
from tests.servers.dovecot import Dovecot, dovecot, mailbox_user
from tests.servers.smtp_sink import Sink, sink
from worker.models import Mail, Reply
from worker.services.desk import Desk

__all__ = ["dovecot", "environment", "mailbox_user", "sink"]
CONVERSATIONS = load_conversations()


@pytest.fixture
def desk(environment: Environment) -> Iterator[Desk]:
    """The product's own rules at a desk."""
    made = Desk(environment)
    yield made
    made.close()


@pytest.fixture
def arrive(dovecot: Dovecot, mailbox_user: str, desk: Desk) -> Callable[[bytes], None]:
    """A mail arrives, and all that follows happens."""

    def deliver(raw: bytes) -> None:
        dovecot.deliver(mailbox_user, raw)
        desk.poll()
        desk.process()
        desk.file()

    return deliver


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.name)
def test_it_ends_as_it_should(conversation: Conversation, arrive: Callable[[bytes], None], sink: Sink) -> None:
    for number, spec in enumerate(conversation.mails, start=1):
        before = len(sink.accepted)
        arrive(conversation.write(number))
        new = sink.accepted[before:]
        assert len(new) <= 1, f"mail {number} got {len(new)} letters"
        if new:
            reply = Reply.objects.get(message_id=new[0].message_id)
            conversation.letters[number] = Letter.from_accepted(new[0], letter_kind(reply))
        if "after" in spec:
            judge_answer(conversation, number, spec["after"])
    judge_end(conversation.end)


def letter_kind(reply: Reply) -> str:
    """missing, last_notice, password …"""
    last = "válaszát már munkatársunk dolgozza fel" in " ".join(reply.text.split())
    return "last_notice" if last else reply.kind


def judge_answer(conversation: Conversation, number: int, wanted: dict[str, Any]) -> None:
    """What mail `number` got, and what that asked of whom."""
    letter = conversation.letters.get(number)
    verdict = Mail.objects.order_by("-pk").values_list("kind", "outcomes", "verdict__reason").first()
    assert (letter.kind if letter else "none") == wanted["reply"], f"mail {number}: {verdict}"
    if "asks" in wanted:
        people = Mail.objects.latest("pk").verdict["people"]  # type: ignore[index]  # a decided mail has one
        asked = {
            plain("full_name", (one.get("full_name") or {}).get("value") or ""): set(one["problems"])
            for one in people
            if one["status"] == "incomplete"
        }
        expected = {plain("full_name", name): set(problems) for name, problems in wanted["asks"].items()}
        assert asked == expected, f"mail {number}"


def judge_end(end: dict[str, Any]) -> None:
    """What stands in the queue, and whether a person is needed."""
    rows = [describe(row) for row in Registration.objects.order_by("pk")]
    left = list(rows)
    for person in end["people"]:
        wanted = {key: plain(key, value) for key, value in person.items()}
        match = next((row for row in left if wanted.items() <= row.items()), None)
        assert match is not None, f"{wanted} is not among {left}"
        left.remove(match)
    assert left == [], "rows too many"
    needs_staff = get_mails("manual").exists() or any(row["status"] == "review" for row in rows)
    assert needs_staff == end.get("staff", needs_staff)


def describe(row: Registration) -> dict[str, Any]:
    """A row as the labels tell it."""
    values = {name: getattr(row, name) for name in ("full_name", "municipality", "pir", "county", "email", "status")}
    return {key: plain(key, value) for key, value in {**values, "modules": row.module_ids}.items()}


def plain(key: str, value: Any) -> Any:
    """For comparing: names without case and accents, modules as a set."""
    if key == "full_name":
        words = [word for word in fold(str(value)).replace(".", " ").split() if word not in {"dr", "ifj", "id", "ozv"}]
        return " ".join(words)
    return frozenset(value) if key == "modules" else value
