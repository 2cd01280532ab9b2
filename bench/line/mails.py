"""A backlog of made-up mails of 2 to 41 KB, from a seed: the shapes of tests/servers/mails.py, as offices send them.

Of ten mails five carry a signature and a disclaimer only, three the same in HTML as well, two a scanned page.
"""

from __future__ import annotations

import random
from email import message_from_bytes
from email.message import Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from html import escape

from tests.servers.mails import SHAPES, Writer

DISCLAIMER = (
    "Ez az üzenet és annak bármely csatolt anyaga bizalmas, jogi védelem alatt áll, a nyilvános közléstől védett. "
    "Az üzenetet kizárólag a címzett, illetve az általa meghatalmazottak használhatják fel. Ha Ön nem az üzenet "
    "címzettje, kérjük, hogy telefonon vagy e-mailben értesítse erről az üzenet küldőjét, és törölje az üzenetet.\n"
)
ROOM = "Önkormányzati Hivatal\nÜgyfélfogadás: hétfő 8-12, szerda 8-16\nTelefon: 06 30 555 01{number:02d}\n\n"
SCAN_BYTES = (9_000, 28_000)


def make_mail(number: int, seed: int) -> bytes:
    """Mail `number` of the backlog of `seed`: the same bytes in every run."""
    chance = random.Random(f"{seed} {number}")
    base = message_from_bytes(SHAPES[number % len(SHAPES)](Writer(number)))
    if base.is_multipart() or base.get_content_type() != "text/plain":
        return base.as_bytes()
    text = base.get_payload(decode=True).decode(base.get_content_charset("utf-8"))
    text += "\n--\n" + ROOM.format(number=number % 100) + DISCLAIMER * chance.randint(1, 4)
    kind = number // len(SHAPES) % 10
    if kind < 5:
        return _with_headers(MIMEText(text, "plain", "utf-8"), base)
    body: Message = _alternatives(text)
    if kind >= 8:
        letter = MIMEMultipart("mixed")
        letter.attach(body)
        letter.attach(MIMEImage(chance.randbytes(chance.randint(*SCAN_BYTES)), "jpeg", name="szkennelt.jpg"))
        body = letter
    return _with_headers(body, base)


def _alternatives(text: str) -> Message:
    body = MIMEMultipart("alternative")
    body.attach(MIMEText(text, "plain", "utf-8"))
    rows = "".join(
        f'<p class="MsoNormal"><span lang="HU">{escape(line)}&nbsp;</span></p>\n' for line in text.split("\n")
    )
    body.attach(
        MIMEText(f"<html><head><style>p {{margin:0}}</style></head><body>{rows}</body></html>", "html", "utf-8")
    )
    return body


def _with_headers(body: Message, base: Message) -> bytes:
    for name, value in base.items():
        if not name.lower().startswith(("content-", "mime-")):
            body[name] = value
    return body.as_bytes()
