"""File: into the folder of the outcome, repeatable, destroying nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from config.environment import Environment
from tests.servers.dovecot import Dovecot, run_dovecot, short_folder
from tests.servers.standin import THINKING, make_mail
from worker.mail.server import parse_server
from worker.models import Event, Folder, Mail
from worker.services.desk import Desk
from worker.services.file import Hold, folder_key
from worker.services.leases import Claim, later
from worker.services.quarantine import retry

Deliver = Callable[..., None]


@pytest.mark.parametrize(
    ("outcomes", "key"),
    [
        (["route"], "REGISTRATION"),
        (["reply_missing"], "MISSING"),
        (["route", "reply_missing"], "MISSING"),
        (["route", "review"], "REVIEW"),
        (["reply_missing", "review"], "REVIEW"),
        (["reply_password"], "PASSWORD"),
        (["ignore"], "AUTOMATIC"),
        ([], "REVIEW"),
    ],
)
def test_where_a_mail_belongs(outcomes: list[str], key: str) -> None:
    assert folder_key(Mail(state="decided", outcomes=outcomes)) == key
    assert folder_key(Mail(state="failed", outcomes=outcomes)) == "FAILED"


def test_what_a_person_moved_first_is_vanished_not_undone(
    desk: Desk, deliver_mail: Deliver, dovecot: Dovecot, mailbox_user: str
) -> None:
    deliver_mail(make_mail("teljes", 1), make_mail("teljes", 2))
    desk.poll()
    desk.process()
    client = dovecot.client(mailbox_user)
    client.create("Sajat")
    client.uid("MOVE", "1", "Sajat")
    desk.file()
    assert list(Mail.objects.order_by("uid").values_list("state", "filed_as", "filed_to")) == [
        ("filed", "vanished", ""),
        ("filed", "moved", "Regisztráció"),
    ]
    assert client.select("Sajat") == ("OK", [b"1"])
    client.logout()


def test_death_between_move_and_record_is_repeated(desk: Desk, deliver_mail: Deliver) -> None:
    deliver_mail(make_mail("teljes", 1))
    desk.poll()
    desk.process()
    desk.file()
    Mail.objects.update(state="decided", filed_at=None, filed_as="", filed_to="", lease_until=later(-1))
    assert desk.file() == 1
    assert Mail.objects.get().state == "filed"


def test_the_decided_wait_for_the_rest_of_a_backlog_but_not_for_ever(desk: Desk, deliver_mail: Deliver) -> None:
    deliver_mail(make_mail("teljes", 1))
    desk.poll()
    desk.process()
    deliver_mail(make_mail("teljes", 2))
    desk.poll()
    assert desk.file(at_once=False) == 0, "one is still being decided"
    Mail.objects.filter(uid=1).update(decided_at=later(-121))
    assert desk.file(at_once=False) == 1
    desk.process()
    Folder.objects.update(missing=3)
    assert desk.file(at_once=False) == 0, "three lie in the mailbox unread"
    Folder.objects.update(missing=0)
    Mail.objects.filter(uid=2).update(lease_until=later(60))
    assert desk.file(at_once=False) == 0, "somebody else is at it"
    Mail.objects.filter(uid=2).update(lease_until=None)
    assert desk.file(at_once=False) == 1
    assert not Mail.objects.exclude(state="filed").exists()


def test_one_move_takes_no_more_than_the_server_does_quickly(desk: Desk, deliver_mail: Deliver) -> None:
    deliver_mail(*(make_mail("teljes", number) for number in range(4)), make_mail("hianyos", 9))
    desk.poll()
    desk.process()
    desk.mailbox().moves_at_once = 1
    assert desk.file() == 5
    assert sorted(Mail.objects.values_list("filed_as", "filed_to")) == [
        ("moved", "Hiánypótlás"),
        *[("moved", "Regisztráció")] * 4,
    ]
    assert 4 <= desk.mailbox().moves_at_once <= 64, "the fewer first: 1, which was quick, then more at once"


def test_a_claim_is_renewed_while_a_slow_server_moves_and_what_was_taken_over_is_left(
    desk: Desk, deliver_mail: Deliver
) -> None:
    deliver_mail(make_mail("teljes", 1), make_mail("teljes", 2))
    desk.poll()
    mine, others = list(Mail.objects.order_by("pk"))
    claim = Claim(uuid4(), [mine.pk, others.pk])
    Mail.objects.filter(pk=mine.pk).update(lease_token=claim.token, lease_until=later(-1))
    Mail.objects.filter(pk=others.pk).update(lease_token=uuid4(), lease_until=later(60))
    assert Hold(claim).keep([mine, others]) == [mine, others], "a young claim needs no question"
    assert Hold(claim, renewed_at=float("-inf")).keep([mine, others]) == [mine]
    assert Mail.objects.filter(pk=mine.pk, lease_until__gt=Now()).exists()


def test_a_failing_mailbox_gives_the_claims_back(
    desk: Desk, deliver_mail: Deliver, make_desk: Callable[..., Desk]
) -> None:
    deliver_mail(make_mail("teljes", 1))
    desk.poll()
    desk.process()
    away = make_desk(imap=parse_server("imap://a:b@127.0.0.1:1", "imap"))
    assert away.file() == 0
    mail = Mail.objects.get()
    assert (mail.state, mail.lease_token) == ("decided", None)
    Mail.objects.update(next_attempt_at=Now())
    assert desk.file() == 1


def test_without_move_the_mail_stays_and_the_ledger_says_so(make_desk: Callable[..., Desk]) -> None:
    with short_folder() as home, run_dovecot(home, capability="IMAP4rev1 IDLE NAMESPACE UIDPLUS") as server:
        client = server.client()
        client.append("INBOX", "", "", make_mail("teljes", 1))
        desk = make_desk(imap=parse_server(server.url(), "imap"))
        desk.poll()
        desk.process()
        desk.file()
        mail = Mail.objects.get()
        assert (mail.state, mail.filed_as, mail.filed_to) == ("filed", "left", "")
        assert Event.objects.filter(verb="left").count() == 1
        assert desk.poll(full=True).stored == 0
        client.select("INBOX")
        assert client.search(None, "ALL") == ("OK", [b"1"])
        client.logout()
        desk.close()


@pytest.mark.parametrize(("separator", "prefix"), [(".", "INBOX."), ("/", "")])
def test_folders_of_any_name_anywhere_give_back_what_was_in_quarantine(
    environment: Environment, separator: str, prefix: str
) -> None:
    folders = {key: f"Ügyintézés/{name} ő" for key, name in environment.folders.items()}
    with short_folder() as home, run_dovecot(home, separator=separator, prefix=prefix) as server:
        client = server.client()
        client.append("INBOX", "", "", make_mail("teljes", 1))
        desk = Desk(replace(environment, imap=parse_server(server.url(), "imap"), folders=folders), THINKING)
        desk.poll()
        Mail.objects.update(state="failed", failure="test")
        desk.file()
        assert Mail.objects.get().filed_to == "Ügyintézés/Hiba ő"
        assert retry() == 1
        desk.process()
        desk.file()
        mail = Mail.objects.get()
        assert (mail.state, mail.filed_as, mail.filed_to) == ("filed", "moved", "Ügyintézés/Regisztráció ő")
        assert desk.mailbox().select(desk.mailbox().find_folder("Ügyintézés/Hiba ő") or "").uidvalidity
        assert desk.mailbox().search() == []
        desk.close()
        client.logout()


def test_a_mail_taken_back_from_quarantine_is_filed_from_there(
    desk: Desk, deliver_mail: Deliver, dovecot: Dovecot, mailbox_user: str
) -> None:
    deliver_mail(make_mail("teljes", 1))
    desk.poll()
    Mail.objects.update(state="failed", failure="test")
    desk.file()
    assert Mail.objects.get().filed_to == "Hiba"
    assert retry() == 1
    desk.process()
    desk.file()
    mail = Mail.objects.get()
    assert (mail.state, mail.filed_as, mail.filed_to) == ("filed", "moved", "Regisztráció")
    client = dovecot.client(mailbox_user)
    assert client.select("Hiba") == ("OK", [b"0"])
    client.logout()
