"""What comes back for a letter of ours: linked to it, and never answered."""

from __future__ import annotations

import base64

import pytest

from review.tabs import BY_SLUG
from review.waiting import get_replies
from tests.services.correspondence import Correspondence, letter_to, request, write
from worker.models import Event

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.tiszacsege.hu
To: aspoktatas@allamkincstar.gov.hu
Subject: {subject}
Message-ID: <dsn@mx.tiszacsege.hu>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.tiszacsege.hu

Final-Recipient: rfc822; valaki@tiszacsege.hu
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {ours}

--b--
"""
PLAIN = """\
Return-Path: <>
From: {sender}
To: aspoktatas@allamkincstar.gov.hu
Subject: {subject}
Message-ID: <plain@mx.tiszacsege.hu>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

{body}
"""


def report(ours: str, action: str = "failed", status: str = "5.1.1", subject: str = "Undelivered Mail") -> bytes:
    return REPORT.format(ours=ours, action=action, status=status, subject=subject).replace("\n", "\r\n").encode()


def plain(ours: str, sender: str, subject: str, said: str) -> bytes:
    body = base64.encodebytes(f"{said}\n\nMessage-ID: {ours}\n".encode()).decode()
    return PLAIN.format(sender=sender, subject=subject, body=body).replace("\n", "\r\n").encode()


def told(ours: str) -> list[tuple[str, bytes]]:
    """What the event on our letter must be, and the mail that came back."""
    postman, away = "postmaster@tiszacsege.hu", "kis.pal@tiszacsege.hu"
    return [
        ("bounced", report(ours)),
        ("bounced", report(ours.upper())),
        ("answered_automatically", report(ours, "delayed", "4.4.1", "Delayed Mail (still being retried)")),
        ("answered_automatically", report(ours, "delivered", "2.0.0", "Delivered")),
        ("bounced", plain(ours, postman, "Kézbesíthetetlen", "A levelet nem sikerült kézbesíteni.")),
        ("answered_automatically", plain(ours, away, "Automatikus válasz: Távollét", "Szabadságon vagyok.")),
    ]


@pytest.mark.parametrize("number", range(6))
def test_what_came_back_stands_at_the_letter(worker: Correspondence, number: int) -> None:
    letter = letter_to(worker.receive_one(write(request(PIR=None))))
    verb, raw = told(letter.message_id)[number]
    mail = worker.receive_one(raw)
    assert (mail.kind, mail.outcomes, mail.replies.count()) == ("automatic", ["ignore"], 0)
    assert list(Event.objects.filter(reply=letter, mail=mail).values_list("verb", flat=True)) == [verb]
    assert (letter in get_replies(BY_SLUG["uncertain"])) == (verb == "bounced")
