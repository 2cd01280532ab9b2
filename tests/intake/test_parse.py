"""parse_message as a whole: bytes in, Message out."""

from rules.model import PartKind
from worker.intake.parse import parse_message

REQUEST = """From: =?utf-8?Q?Kov=C3=A1csn=C3=A9_Nagy_=C3=89va?= <nagyeva72@example.hu>
To: aspoktatas@example.gov.hu
Cc: Minta Jegyző <jegyzo@mintafalu.hu>
Subject: regisztráció
Date: Wed, 4 Mar 2026 10:11:00 +0100
Message-ID: <a@example.hu>
Content-Type: text/plain; charset=utf-8

Név: Kovácsné Nagy Éva
PIR: 740009

Üdvözlettel:
Kovácsné Nagy Éva
"""


def test_a_plain_request() -> None:
    message = parse_message(REQUEST.encode())
    assert message.message_id == "<a@example.hu>"
    assert [(found.name, found.address) for found in message.from_] == [("Kovácsné Nagy Éva", "nagyeva72@example.hu")]
    assert [(found.name, found.address) for found in message.cc] == [("Minta Jegyző", "jegyzo@mintafalu.hu")]
    assert [(part.kind, part.text) for part in message.parts] == [
        (PartKind.SUBJECT, "regisztráció"),
        (PartKind.TEXT, "Név: Kovácsné Nagy Éva\nPIR: 740009"),
        (PartKind.SIGNATURE, "Üdvözlettel:\nKovácsné Nagy Éva"),
    ]
