"""A backlog of made-up mails of 2 to 41 KB, from a seed: the shapes of tests/servers/mails.py, as offices send them.

All have the headers that servers add. Of ten plain ones five carry a signature and a disclaimer, three the same in HTML
as well, two a scanned page too. Every mail is of another person, but for one in twenty: somebody's second mail.
"""

from __future__ import annotations

import random
from base64 import b64encode
from email import message_from_bytes
from email.message import Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from html import escape

from bench.line.people import Clerk
from tests.servers.mails import SHAPES

DISCLAIMER = (
    "Ez az üzenet és annak bármely csatolt anyaga bizalmas, jogi védelem alatt áll, a nyilvános közléstől védett. "
    "Az üzenetet kizárólag a címzett, illetve az általa meghatalmazottak használhatják fel. Ha Ön nem az üzenet "
    "címzettje, kérjük, hogy telefonon vagy e-mailben értesítse erről az üzenet küldőjét, és törölje az üzenetet.\n"
)
ROOM = "Önkormányzati Hivatal\nÜgyfélfogadás: hétfő 8-12, szerda 8-16\nTelefon: 06 30 555 01{number:02d}\n\n"
SCAN_BYTES = (9_000, 24_300)
SECOND_EVERY, SECOND_AFTER = 20, 28  # mail 32 is of the person of mail 4, mail 52 of that of mail 24 …
HOPS = 3


def make_mail(number: int, seed: int) -> bytes:
    """Mail `number` of the backlog of `seed`: the same bytes in every run."""
    chance = random.Random(f"{seed} {number}")
    is_second = number % SECOND_EVERY == 12 and number > SECOND_AFTER
    writer = Clerk(number - SECOND_AFTER if is_second else number, number)
    return _transport_headers(writer, chance) + _mail(number, writer, chance)


def _mail(number: int, writer: Clerk, chance: random.Random) -> bytes:
    base = message_from_bytes(SHAPES[number % len(SHAPES)](writer))
    if base.is_multipart() or base.get_content_type() != "text/plain":
        return base.as_bytes()
    payload = base.get_payload(decode=True)
    assert isinstance(payload, bytes)
    text = payload.decode(base.get_content_charset("utf-8"))
    text += "\n--\n" + ROOM.format(number=number % 100) + DISCLAIMER * chance.randint(1, 4)
    kind = number // len(SHAPES) % 10
    if kind < 5:
        return _with_headers(MIMEText(text, "plain", "utf-8"), base)
    body: Message = _alternatives(text)
    if kind >= 8:
        letter = MIMEMultipart("mixed", boundary="=_mixed")
        letter.attach(body)
        letter.attach(MIMEImage(chance.randbytes(chance.randint(*SCAN_BYTES)), "jpeg", name="szkennelt.jpg"))
        body = letter
    return _with_headers(body, base)


def _transport_headers(writer: Clerk, chance: random.Random) -> bytes:
    """What the servers on a mail's way put before it: about 2 KB, as with the hosted mail of most offices."""
    hops = [
        f"Received: from relay{hop}.{writer.domain} (relay{hop}.{writer.domain} [192.0.2.{chance.randrange(256)}])\n"
        f" by relay{hop + 1}.kincstar.example (Postfix) with ESMTPS id {chance.getrandbits(40):010X}\n"
        f" for <aspoktatas@allamkincstar.gov.hu>; Mon, 23 Nov 2026 08:00:0{hop} +0100 (CET)\n"
        for hop in range(HOPS)
    ]
    signature = b64encode(chance.randbytes(256)).decode("ascii")
    hops.append(
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={writer.domain}; s=s1;\n"
        " h=From:To:Cc:Subject:Date:Message-ID:MIME-Version:Content-Type;\n"
        + "".join(f" {signature[at : at + 70]}\n" for at in range(0, len(signature), 70))
    )
    for name in ("Exchange-AntiSpam-MessageData-0", "Exchange-CrossTenant-Id"):
        noise = b64encode(chance.randbytes(270)).decode("ascii")
        folded = "\n ".join(noise[at : at + 70] for at in range(0, len(noise), 70))
        hops.append(f"X-MS-{name}: {folded}\n")
    return "".join(hops).encode("ascii")


def _alternatives(text: str) -> Message:
    body = MIMEMultipart("alternative", boundary="=_both")  # a boundary of Python's own choice is another every time
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
