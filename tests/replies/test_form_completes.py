"""The letter's form, filled in and sent back, makes every request complete: the whole way through intake and rules."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from config.catalogue import load_catalogue
from demo.samples import Sample, load_samples
from rules.chain import decide
from rules.model import Message, Status
from tests.replies.samples import OWN_ADDRESS
from worker.intake.parse import parse_message
from worker.replies.compose import ComposedReply, compose_reply

CATALOGUE = load_catalogue()
ANSWERED = [sample for sample in load_samples() if "reply_missing" in sample.outcomes]
VALUES = {
    "Teljes név:": ["Próba Piroska", "Próba Pál"],
    "Önkormányzat:": ["Lenti Város Önkormányzata"] * 2,
    "PIR szám:": ["740373"] * 2,
    "E-mail cím:": ["kiskutya72@posta.example", "nagykutya73@posta.example"],
    "Szakrendszer(ek):": ["ADÓ; Irat - Iktató"] * 2,
    "Jegyző (név, e-mail cím):": ["dr. Minta Béla, jegyzo@lenti.example"],
}
GMAIL = f"Beleírtam.\n\nASP Oktatás <{OWN_ADDRESS}> ezt írta (időpont: 2026. márc. 4., Sze, 12:00):\n\n"
OUTLOOK = """Kitöltve küldöm.

-----Eredeti üzenet-----
Feladó: ASP Oktatás
Küldve: 2026. március 4. 12:00
Tárgy: Re: Regisztráció

"""


def filled(text: str) -> str:
    """`text` with every waiting line of the form completed; the county that belongs to the municipality."""
    left = {label: iter(values) for label, values in VALUES.items()}
    lines: list[str] = []
    for line in text.split("\n"):
        county = "Bács-Kiskun" if any("Dunavecse" in earlier for earlier in lines) else "Zala"
        value = county if line == "Vármegye:" else next(left.get(line, iter(())), "")
        lines.append(f"{line} {value}".rstrip())
    return "\n".join(lines)


def answer(message: Message, reply: ComposedReply, text: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Cc"] = message.from_[0].address, OWN_ADDRESS, "jegyzo@lenti.example"
    mail["Subject"], mail["In-Reply-To"] = reply.subject, reply.message_id
    mail.set_content(text)
    return mail.as_bytes()


@pytest.mark.parametrize("way", ["gmail", "outlook"])
@pytest.mark.parametrize("sample", ANSWERED, ids=lambda sample: sample.name)
def test_an_incomplete_request_is_complete_after_the_answer(sample: Sample, way: str) -> None:
    message = parse_message(sample.raw)
    verdict = decide(message, CATALOGUE)
    reply = compose_reply(message, verdict, CATALOGUE, own_address=OWN_ADDRESS, token="7F3K2M")
    text = filled(reply.text)
    body = OUTLOOK + text if way == "outlook" else GMAIL + "\n".join(f"> {line}" for line in text.split("\n"))
    after = decide(parse_message(answer(message, reply, body)), CATALOGUE)
    incomplete = [person for person in verdict.people if person.status is Status.INCOMPLETE]
    assert [person.problems for person in after.people] == [()] * len(incomplete)
    assert {person.status for person in after.people} == {Status.READY}
