"""Mails of people who mean harm, through the product's own reading, rules and letters."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache

from config.catalogue import load_catalogue
from rules.catalogue import Catalogue
from rules.chain import decide
from worker.intake.parse import parse_message
from worker.replies.compose import ComposedReply, compose_reply

OURS = "aspoktatas@allamkincstar.gov.hu"
VICTIM = "aldozat@masutt.example"


@cache
def catalogue() -> Catalogue:
    """The product's own."""
    return load_catalogue()


def request(
    *, name: str = "Minta Éva", pir: str = "", place: str = "Tiszacsege", words: str = "", headers: str = ""
) -> bytes:
    """A request that lacks its PIR, so that it is answered; `headers` are whole lines, put in front as they are."""
    text = (
        "Tisztelt ASP Oktatás!\n\nKérem új kollégánk regisztrációját az oktatási portálra.\n\n"
        f"Név: {name}\nÖnkormányzat: {place} Önkormányzata\nPIR szám: {pir}\nMegye: Hajdú-Bihar\n"
        f"E-mail: minta.eva@tiszacsege.hu\nSzakrendszer: adó\n{words}\nÜdvözlettel:\nMinta Béla\njegyző\n"
    )
    fields = {
        "From": "Minta Béla <minta.bela@tiszacsege.hu>",
        "To": OURS,
        "Date": "Fri, 20 Nov 2026 09:14:00 +0100",
        "Message-ID": "<kerelem.1@tiszacsege.hu>",
        "Subject": "=?utf-8?B?UmVnaXN6dHLDoWNpw7M=?=",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    given = {line.partition(":")[0].lower() for line in headers.splitlines() if line[:1].strip()}
    kept = "".join(f"{key}: {value}\r\n" for key, value in fields.items() if key.lower() not in given)
    return (headers + kept + "\r\n" + text.replace("\n", "\r\n")).encode("utf-8", "surrogateescape")


def answer(raw: bytes) -> ComposedReply | None:
    """The letter that the product would write; None where it writes none."""
    message = parse_message(raw)
    verdict = decide(message, catalogue())
    return compose_reply(message, verdict, catalogue(), own_address=OURS) if verdict.reply else None


def read(reply: ComposedReply) -> EmailMessage:
    """The letter's bytes as a mail program reads them."""
    mail = message_from_bytes(reply.data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def header_names(reply: ComposedReply) -> list[str]:
    """The letter's header fields, by its bytes alone."""
    head = reply.data.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    return [line.partition(b":")[0].decode("ascii").lower() for line in head.split(b"\r\n")]
