"""The form of our letter comes back whole, however the requester's program quotes it."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest

from rules.model import PartKind, Problem
from tests.replies.samples import CATALOGUE, OWN_ADDRESS, message_of, person_of, verdict_of
from worker.intake.parse import parse_message
from worker.replies.compose import compose_reply

LETTER = compose_reply(
    message_of(),
    verdict_of(
        person_of((Problem.PIR_MISSING, Problem.JEGYZO_UNCLEAR)),
        person_of((Problem.EMAIL_MISSING, Problem.MODULES_MISSING, Problem.JEGYZO_UNCLEAR), 1),
    ),
    CATALOGUE,
    own_address=OWN_ADDRESS,
    token="7F3K2M",
)
ANSWERS = {
    "PIR szám:": "PIR szám: 740009",
    "E-mail cím:": "E-mail cím: szabob@posta.example",
    "Szakrendszer(ek):": "Szakrendszer(ek): ADÓ",
    "Jegyző (név, e-mail cím):": "Jegyző (név, e-mail cím): dr. Minta Béla, jegyzo@mintafalu.example",
}
FILLED = [
    "Teljes név: Kovácsné Nagy Éva",
    "PIR szám: 740009",
    "E-mail cím: nagyeva72@posta.example",
    "Teljes név: Szabó Béla",
    "E-mail cím: szabob@posta.example",
    "Szakrendszer(ek): ADÓ",
    "Jegyző (név, e-mail cím): dr. Minta Béla, jegyzo@mintafalu.example",
]
OUTLOOK = """-----Eredeti üzenet-----
Feladó: ASP Oktatás
Küldve: 2026. március 4. 12:00
Címzett: Kovácsné Nagy Éva
Tárgy: Re: Regisztráció"""
GMAIL = f"ASP Oktatás <{OWN_ADDRESS}> ezt írta (időpont: 2026. márc. 4., Sze, 12:00):"


def fill(text: str) -> str:
    """`text` with every waiting line of the form completed."""
    return "\n".join(ANSWERS.get(line, line) for line in text.split("\n"))


def fill_html(html: str) -> str:
    return re.sub(r"<div[^>]*>([^<]*:) ?</div>", lambda line: f"<div>{ANSWERS[line[1]]}</div>", html)


def quoted(text: str, mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))


TEXT = LETTER.text
WAYS = {
    "the letter comes back filled in, unquoted (phone)": fill(TEXT),
    "form alone": fill(TEXT[TEXT.index("--- ADATLAP") : TEXT.index("VÉGE ---") + 8]),
    "above an Outlook quote": f"Kitöltve küldöm.\n\n{OUTLOOK}\n\n{fill(TEXT)}",
    "inline in Gmail": f"Beleírtam.\n\n{GMAIL}\n\n{quoted(fill(TEXT))}",
    "quoted twice": f"Továbbítom.\n\n{GMAIL}\n\n{quoted(quoted(fill(TEXT)))}",
}


def part_texts(mail: EmailMessage, kind: PartKind) -> str:
    return "\n".join(part.text for part in parse_message(mail.as_bytes()).parts_of(kind))


def answer(text: str, html: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "nagyeva72@posta.example", OWN_ADDRESS, LETTER.subject
    mail.set_content(text)
    if html:
        mail.set_content(html, subtype="html")
    return mail


def check(mail: EmailMessage) -> None:
    form = [line.strip() for line in part_texts(mail, PartKind.OWN_FORM).split("\n")]
    for line in FILLED:
        assert line in form
    assert "PIR szám:" not in form


@pytest.mark.parametrize("way", WAYS)
def test_the_text_form(way: str) -> None:
    check(answer(WAYS[way]))


def test_the_html_form_in_place() -> None:
    check(answer("", fill_html(LETTER.html)))


def test_the_html_form_quoted() -> None:
    body = fill_html(LETTER.html)
    check(
        answer("", f"<p>Beleírtam.</p><div class='gmail_quote'><div>{GMAIL}</div><blockquote>{body}</blockquote></div>")
    )
