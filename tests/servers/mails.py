"""Invented mails of many shapes, for tests of the whole product. Names and numbers belong to nobody (docs/data.md)."""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Callable
from quopri import encodestring

FAMILY = ("Kovács", "Szabó", "Tóth", "Németh", "Hörömpő", "Balázs", "Őri", "Vígh", "Csűrös", "Zsíros")
GIVEN = ("Anna", "Béla", "Éva", "Gergő", "Zsófia", "Örs", "Márton", "Ildikó", "Péter", "Tünde")
PLACES = (("Tiszacsege", "Hajdú-Bihar"), ("Abaújszántó", "Borsod-Abaúj-Zemplén"), ("Őriszentpéter", "Vas"))
PIRS = ("740009", "740373", "740746", "741116", "741480", "741853", "742597", "742960", "743330", "743703")
MODULES = ("adó szakrendszer", "iratkezelés", "gazdálkodási szakrendszer", "ipar és kereskedelmi szakrendszer")
OWN = "aspoktatas@allamkincstar.gov.hu"
PLAIN = str.maketrans("áéíóöőúüűÁÉÍÓÖŐÚÜŰ", "aeiooouuuAEIOOOUUU")


class Writer:
    """Somebody in an office; every number is another person at another domain."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.random = random.Random(number)
        self.family, self.given = FAMILY[number % 10], GIVEN[number // 10 % 10]
        self.name = f"{self.family} {self.given}"
        self.domain = f"mintafalu{number}.hu"
        self.address = f"{self.family}.{self.given}@{self.domain}".translate(PLAIN).lower()
        self.place, self.county = PLACES[number % 3]
        self.pir = PIRS[(number + number // 100) % 10]  # nobody has the name and the PIR of another
        self.module = MODULES[number % 4]

    def mail(self, subject: str, body: str, **headers: str) -> bytes:
        """A mail of this writer; the transfer encoding varies with the number."""
        fields = {
            "Received": f"from mx{self.number}.{self.domain} by mx.kincstar.example; Mon, 23 Nov 2026 08:00:00 +0100",
            "Return-Path": f"<{self.address}>",
            "From": f"{_word(self.name)} <{self.address}>",
            "To": OWN,
            "Date": "Mon, 23 Nov 2026 08:00:00 +0100",
            "Message-ID": f"<{self.number}.{self.random.getrandbits(40):x}@{self.domain}>",
            "Subject": _word(subject),
            "MIME-Version": "1.0",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        content_type, encoding, data = _encoded(body, self.number)
        fields.setdefault("Content-Type", content_type)
        fields["Content-Transfer-Encoding"] = encoding
        lines = [f"{name}: {value}" for name, value in fields.items() if value]
        return "\r\n".join([*lines, "", ""]).encode() + data


def _word(text: str) -> str:
    return text if text.isascii() else f"=?utf-8?b?{b64encode(text.encode()).decode('ascii')}?="


def _encoded(body: str, number: int) -> tuple[str, str, bytes]:
    text = body.replace("\n", "\r\n")
    if number % 3 == 0:
        return "text/plain; charset=utf-8", "base64", b64encode(text.encode())
    if number % 3 == 1:
        return "text/plain; charset=iso-8859-2", "quoted-printable", encodestring(text.encode("iso-8859-2"))
    return "text/html; charset=utf-8", "8bit", f"<p>{text.replace(chr(10), '<br>')}</p>".encode()


def complete(writer: Writer) -> bytes:
    """Everything given, the jegyző in copy."""
    body = (
        f"Tisztelt Kincstár!\n\nKérem kollégánk regisztrációját az oktatási portálra.\nNév: {writer.name}\n"
        f"Önkormányzat: {writer.place}\nPIR: {writer.pir}\nVármegye: {writer.county}\nE-mail: {writer.address}\n"
        f"Modul: {writer.module}\n\nTisztelettel:\n{writer.name}\n"
    )
    return writer.mail("Regisztráció az oktatási portálra", body, Cc=f"jegyzo@{writer.domain}")


def missing_pir(writer: Writer) -> bytes:
    """No PIR."""
    body = (
        f"Tisztelt Kincstár!\n\nKérem a regisztrációmat az oktatási portálra.\nNév: {writer.name}\n"
        f"Önkormányzat: {writer.place}\nE-mail: {writer.address}\nModul: {writer.module}\n\n{writer.name}\n"
    )
    return writer.mail("ASP oktatási portál hozzáférés", body, Cc=f"jegyzo@{writer.domain}")


def missing_jegyzo(writer: Writer) -> bytes:
    """Nobody in copy."""
    body = (
        f"Tisztelt Cím!\n\nSzeretnék regisztrálni az ASP oktatási portálra.\nNév: {writer.name}\nPIR: {writer.pir}\n"
        f"Önkormányzat: {writer.place}\nE-mail cím: {writer.address}\nModul: {writer.module}\n"
    )
    return writer.mail("Regisztrációs kérelem", body)


def password(writer: Writer) -> bytes:
    """Cannot log in."""
    body = f"Jó napot!\n\nElfelejtettem a jelszavamat, nem tudok belépni az oktatási portálra.\n\nÜdv: {writer.name}\n"
    return writer.mail("Elfelejtett jelszó", body)


def absence(writer: Writer) -> bytes:
    """An out-of-office answer."""
    body = "Szabadságon vagyok, levelére visszatérésem után válaszolok.\n"
    return writer.mail("Automatikus válasz: Távollét", body, Auto_Submitted="auto-replied")


def bounce(writer: Writer) -> bytes:
    """A delivery report."""
    body = "The mail system\r\n\r\n<valaki@pelda.hu>: user unknown\r\n"
    return writer.mail(
        "Undelivered Mail Returned to Sender",
        body,
        From="MAILER-DAEMON@mx.pelda.hu",
        Return_Path="<>",
        Auto_Submitted="auto-replied",
    )


def question(writer: Writer) -> bytes:
    """Something that only a person can answer."""
    body = f"Tisztelt Cím!\n\nMikor lesz a következő tanfolyam?\n\nÜdvözlettel: {writer.name}\n"
    return writer.mail("Kérdés a tanfolyamokról", body)


SHAPES: tuple[Callable[[Writer], bytes], ...] = (
    complete, missing_pir, password, absence, missing_jegyzo, question, complete, bounce,
)  # fmt: skip


def make_mails(number: int) -> list[bytes]:
    """So many mails, the shapes taking turns."""
    return [SHAPES[one % len(SHAPES)](Writer(one)) for one in range(number)]
