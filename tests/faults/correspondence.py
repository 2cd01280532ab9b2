"""Who writes to the mailbox in the random run: requests, questions, robots, bounces of our letters, answers to them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from rules.model import Outcome
from tests.integration.expectations import judge
from tests.servers.mails import SHAPES, Writer
from tests.servers.smtp_sink import Accepted, Sink
from worker.mail.identity import identify

ANSWERS = {Outcome.REPLY_MISSING.value, Outcome.REPLY_PASSWORD.value}


class Correspondence:
    """Every mail of it is new, but for one in twenty that comes once more. `plain` are those nothing else touches."""

    def __init__(self, chance: random.Random, sink: Sink) -> None:
        self.chance, self.sink = chance, sink
        self.number = 0
        self.plain: dict[str, bytes] = {}

    def write(self) -> bytes:
        """The next mail."""
        self.number += 1
        roll = self.chance.random()
        letters = [mail for mail in list(self.sink.accepted) if mail.message_id.startswith("<aspo.")]
        if roll < 0.05 and self.plain:
            return self.chance.choice(list(self.plain.values()))
        if roll < 0.12 and letters:
            return self._bounce(self.chance.choice(letters))
        if roll < 0.20 and letters:
            return self._answer(self.chance.choice(letters))
        raw = self.chance.choice(SHAPES)(Writer(self.number))
        self.plain[identify(raw).message_id] = raw
        return raw

    def _bounce(self, letter: Accepted) -> bytes:
        body = (
            f"The mail system\r\n\r\n<{letter.recipients[0]}>: user unknown\r\n\r\nMessage-ID: {letter.message_id}\r\n"
        )
        return Writer(self.number).mail("Undelivered Mail Returned to Sender", body, From="MAILER-DAEMON@mx.pelda.hu",
                                        Return_Path="<>", Auto_Submitted="auto-replied")  # fmt: skip

    def _answer(self, letter: Accepted) -> bytes:
        """What was missing, or something else, from whoever was asked."""
        body = self.chance.choice(["PIR: 740009\n", "Köszönöm!\n", "A jegyző címe: jegyzo@mintafalu.hu\n"])
        headers = {"From": letter.recipients[0], "In_Reply_To": letter.message_id, "References": letter.message_id}
        return Writer(self.number).mail("Re: kérésünk", body, **headers)

    def misjudged(self, query: Callable[[str], list[tuple[Any, ...]]]) -> list[str]:
        """Plain mails whose answer is missing or was not due, by what the rules say of each alone."""
        rows = "SELECT message_id, outcomes, failure FROM worker_mail WHERE twin_of_id IS NULL AND state = 'filed'"
        said = {message_id: str(outcomes) for message_id, outcomes, _ in query(rows)}
        found = []
        for message_id, raw in self.plain.items():
            due = bool({outcome.value for outcome in judge(raw).outcomes} & ANSWERS)
            if message_id in said and due != any(answer in said[message_id] for answer in ANSWERS):
                found.append(f"MISJUDGED: {message_id} is {said[message_id]}")
        return found
