"""A late answer opens what was closed, with the product's own rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from config.environment import Environment
from registry.models import Registration
from worker.models import Conversation, Event, Mail, Reply
from worker.services.desk import Desk
from worker.services.notify import Scribe
from worker.services.wait import look_after
from worker.services.workdays import BUDAPEST

ASKED = datetime(2026, 11, 2, 10, tzinfo=BUDAPEST)
REQUEST = """Tisztelt Kincstár!

Kérem az alábbi munkatársunk regisztrációját az ASP oktatási portálra.

Név: Minta Éva
Önkormányzat: Tiszacsege Város Önkormányzata
Vármegye: Hajdú-Bihar
E-mail: minta.eva@tiszacsege.hu
Szakrendszer: ADÓ

Üdvözlettel:
Minta Éva
"""


def letter(text: str, number: int, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Minta Éva <minta.eva@tiszacsege.hu>", "aspoktatas@allamkincstar.gov.hu"
    mail["Cc"] = "dr. Minta Béla jegyző <jegyzo@tiszacsege.hu>"
    mail["Message-ID"] = f"<level.{number}@tiszacsege.hu>"
    for name, value in {"Subject": "Regisztráció", **headers}.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return bytes(mail)


@pytest.fixture
def desk(environment: Environment) -> Desk:
    return Desk(environment)


def test_a_late_answer_opens_and_completes_the_case(desk: Desk, deliver_mail: Callable[..., None]) -> None:
    deliver_mail(letter(REQUEST, 1))
    desk.poll()
    desk.process()
    assert Registration.objects.get().problems == ["pir_missing"]
    Mail.objects.update(stored_at=ASKED)
    Reply.objects.update(sent_at=ASKED, created_at=ASKED, data_started_at=ASKED)
    scribe = Scribe(desk.environment)
    assert look_after(scribe, now=ASKED + timedelta(days=7), at_once=True) == 1
    desk.process()
    assert look_after(scribe, now=ASKED + timedelta(days=40), at_once=True) == 1
    desk.process()
    assert Registration.objects.get().status == "expired"
    assert list(Reply.objects.order_by("pk").values_list("kind", "state")) == [
        ("missing", "sent"), ("reminder", "sent"), ("closed", "sent"),
    ]  # fmt: skip
    closing = Reply.objects.get(kind="closed")
    assert closing.recipients == ["minta.eva@tiszacsege.hu", "jegyzo@tiszacsege.hu"]
    deliver_mail(letter("Elnézést a késésért, a PIR szám: 740746\n", 2, In_Reply_To=closing.message_id))
    desk.poll()
    desk.process()
    row = Registration.objects.get()
    assert (row.status, row.pir) == ("ready", "740746")
    assert Conversation.objects.get().closed_at is None
    assert Event.objects.filter(registration=row).order_by("-pk")[0].details["from"] == "expired"
    desk.close()
