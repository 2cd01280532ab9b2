"""The way of a mail, service after service."""

from __future__ import annotations

from collections.abc import Callable

from registry.models import Registration
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import Sink
from tests.servers.standin import make_mail
from worker.models import Mail, Reply
from worker.services.desk import Desk


def test_every_kind_of_mail_goes_its_way(
    desk: Desk, deliver_mail: Callable[..., None], sink: Sink, dovecot: Dovecot, mailbox_user: str
) -> None:
    subjects = ["hianyos a", "teljes b", "jelszo c", "automata d", "valami e"]
    deliver_mail(*(make_mail(subject, number) for number, subject in enumerate(subjects)))

    assert desk.poll().stored == 5
    desk.process()
    assert desk.file() == 5

    assert list(Mail.objects.order_by("uid").values_list("state", "filed_to")) == [
        ("filed", "Hiánypótlás"),
        ("filed", "Regisztráció"),
        ("filed", "Jelszó"),
        ("filed", "Automatikus"),
        ("filed", "Kézi ügyintézés"),
    ]
    assert Registration.objects.filter(status="ready").count() == 1
    assert Registration.objects.filter(status="incomplete").count() == 1
    assert sorted(mail.in_reply_to for mail in sink.accepted) == ["<0@mintafalu.example>", "<2@mintafalu.example>"]
    assert set(Reply.objects.values_list("state", flat=True)) == {"sent"}
    client = dovecot.client(mailbox_user)
    assert client.select("INBOX") == ("OK", [b"0"])
    client.logout()
