"""Poll: every mail of the mailbox has exactly one row, whatever the server and other people do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from config.environment import Environment
from tests.servers.dovecot import Dovecot
from tests.servers.scripted_imap import Answer, run_scripted_imap
from tests.servers.smtp_sink import Sink
from tests.servers.standin import THINKING, make_mail
from worker.mail.errors import MailError
from worker.models import Control, Event, Folder, Mail, Original, Reply
from worker.services.desk import Desk
from worker.services.leases import later
from worker.services.poll import _unknown

Deliver = Callable[..., None]


def test_stored_once_with_its_bytes(desk: Desk, deliver_mail: Deliver) -> None:
    raw = make_mail("hianyos", 1)
    deliver_mail(raw)
    assert desk.poll().stored == 1
    assert desk.poll().stored == 0
    assert desk.poll(full=True).stored == 0
    mail = Mail.objects.get()
    assert mail.raw == raw
    assert (mail.message_id, mail.size, mail.answerable) == ("<1@mintafalu.example>", len(raw), True)
    folder = Folder.objects.get()
    assert (folder.highest_uid, folder.missing, folder.held) == (1, 0, "")
    assert folder.polled_at is not None


def test_many_mails_come_in_batches(desk: Desk, deliver_mail: Deliver) -> None:
    deliver_mail(*(make_mail("valami", number) for number in range(120)))
    bells: list[tuple[int, int]] = []
    note = lambda: bells.append((Mail.objects.count(), Folder.objects.get().missing))  # noqa: E731
    assert desk.poll(stored=note).stored == 120
    assert bells == [(100, 20), (120, 0)]


def test_the_same_mail_twice_is_linked_and_answered_once(desk: Desk, deliver_mail: Deliver, sink: Sink) -> None:
    raw = make_mail("hianyos", 1)
    deliver_mail(raw, b"Received: from elsewhere\r\n" + raw)
    desk.poll()
    deliver_mail(raw)
    desk.poll()
    desk.process()
    assert desk.file() == 3
    first, *others = Mail.objects.order_by("pk")
    assert [mail.twin_of for mail in others] == [first, first]
    assert [mail.filed_to for mail in others] == [first.filed_to] * 2
    assert len(sink.accepted) == 1
    assert first.registrations.count() == 1
    assert not any(mail.registrations.exists() for mail in others)


def test_the_same_message_id_over_another_text_is_another_mail(desk: Desk, deliver_mail: Deliver, sink: Sink) -> None:
    deliver_mail(make_mail("hianyos", 1), make_mail("hianyos", 1, From="Masik <masik@mashol.example>") + b"mas")
    desk.poll()
    desk.process()
    assert not Mail.objects.exclude(twin_of=None).exists()
    assert len(sink.accepted) == 2


def test_older_mails_are_stored_decided_filed_and_never_answered(
    make_desk: Callable[..., Desk], deliver_mail: Deliver, sink: Sink
) -> None:
    deliver_mail(make_mail("hianyos", 1))
    desk = make_desk(since=datetime.now(UTC) + timedelta(hours=1))
    desk.poll()
    desk.process()
    desk.file()
    mail = Mail.objects.get()
    assert (mail.answerable, mail.state, mail.filed_to) == (False, "filed", "Hiánypótlás")
    assert not Reply.objects.exists()
    assert not sink.accepted


def test_without_since_the_first_start_counts(make_desk: Callable[..., Desk], deliver_mail: Deliver) -> None:
    desk = make_desk(since=None)
    desk.poll()
    Control.objects.filter(name="since").update(value={"at": (datetime.now(UTC) - timedelta(hours=1)).isoformat()})
    deliver_mail(make_mail("hianyos", 1))
    desk.poll()
    assert Mail.objects.get().answerable


def test_a_new_uidvalidity_holds_the_replies(
    desk: Desk, deliver_mail: Deliver, sink: Sink, dovecot: Dovecot, mailbox_user: str
) -> None:
    deliver_mail(make_mail("hianyos", 1))
    desk.poll()
    Folder.objects.update(uidvalidity=5)
    Mail.objects.update(uidvalidity=5)
    deliver_mail(make_mail("hianyos", 2))
    assert desk.poll().stored == 2, "everything is read again"
    desk.process()
    old, again, new = Mail.objects.order_by("pk")
    assert (again.twin_of, again.answerable, new.twin_of) == (old, False, None)
    assert Folder.objects.get().held == "uidvalidity"
    assert Event.objects.filter(verb="uidvalidity_changed").count() == 1
    assert sorted(Reply.objects.values_list("state", flat=True)) == ["queued", "queued"]
    assert not sink.accepted
    desk.file()
    assert list(Mail.objects.order_by("pk").values_list("filed_as", flat=True)) == ["vanished", "moved", "moved"]
    Folder.objects.update(held="")
    desk.process()
    assert len(sink.accepted) == 2


def test_a_mail_overlooked_by_the_cheap_search_is_found_by_the_comparison(desk: Desk, deliver_mail: Deliver) -> None:
    deliver_mail(make_mail("valami", 1), make_mail("valami", 2))
    desk.poll()
    Original.objects.filter(mail__uid=1).delete()
    Mail.objects.filter(uid=1).delete()
    assert desk.poll().stored == 0
    assert desk.poll(full=True).stored == 1
    assert Event.objects.get(verb="overlooked").details["number"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("apart", [1, 3, 50])
def test_the_comparison_knows_mails_however_far_apart_their_numbers_are(apart: int) -> None:
    row = Folder.objects.create(mailbox="asp@mintafalu.example", name="INBOX", uidvalidity=7)
    uids, place = range(9, 9 + 1300 * apart, apart), {"mailbox": row.mailbox, "folder": row.name, "digest": "-"}
    came, new = datetime.now(UTC), {9, 9 + 640 * apart, uids[-1]}
    Mail.objects.bulk_create(
        Mail(uid=uid, uidvalidity=7, size=1, received_at=came, **place) for uid in uids if uid not in new
    )
    Mail.objects.bulk_create(Mail(uid=uid, uidvalidity=6, size=1, received_at=came, **place) for uid in new)
    assert _unknown(row, list(uids)) == sorted(new)
    assert _unknown(row, []) == []


def test_a_wake_up_without_news_is_one_statement(desk: Desk, deliver_mail: Deliver) -> None:
    deliver_mail(make_mail("valami", 1))
    desk.poll()
    Folder.objects.update(polled_at=None)
    with CaptureQueriesContext(connection) as said:
        assert desk.poll().stored == 0
    assert len([one for one in said if "PRAGMA" not in one["sql"]]) == 1
    assert Folder.objects.get().polled_at is not None


def test_a_wake_up_asks_again_where_somebody_changed_the_ledgers_word_of_the_folder(
    desk: Desk, deliver_mail: Deliver
) -> None:
    deliver_mail(make_mail("valami", 1), make_mail("valami", 2))
    desk.poll()
    Original.objects.filter(mail__uid=1).delete()
    Mail.objects.filter(uid=1).delete()
    Folder.objects.update(compared_at=None)
    assert desk.poll().stored == 1
    Folder.objects.update(compared_at=later(-601))
    desk.poll()
    assert Folder.objects.filter(compared_at__gt=later(-60)).exists()
    Folder.objects.update(highest_uid=0)
    desk.poll()
    assert Folder.objects.get().highest_uid == 2


def test_only_one_process_polls_a_folder(desk: Desk, deliver_mail: Deliver) -> None:
    desk.poll()
    deliver_mail(make_mail("valami", 1))
    Folder.objects.update(lease_until=later(30))
    assert desk.poll().skipped
    Folder.objects.update(lease_until=Now())
    assert desk.poll().stored == 1


def test_seen_or_not_means_nothing(desk: Desk, deliver_mail: Deliver, dovecot: Dovecot, mailbox_user: str) -> None:
    deliver_mail(make_mail("valami", 1))
    client = dovecot.client(mailbox_user)
    client.store("1", "+FLAGS", r"(\Seen \Deleted)")
    client.logout()
    assert desk.poll().stored == 1


def test_an_oversize_mail_goes_to_staff_by_its_headers(environment: Environment, deliver_mail: Deliver) -> None:
    desk = Desk(environment, THINKING, oversize=2000)
    deliver_mail(make_mail("hianyos", 1) + b"x" * 5000)
    desk.poll()
    desk.process()
    desk.file()
    mail = Mail.objects.get()
    assert (mail.kind, mail.outcomes, mail.filed_to) == ("other", ["review"], "Kézi ügyintézés")
    assert mail.subject == "hianyos"
    assert mail.size > 5000
    desk.close()


def test_a_mail_without_a_body_is_quarantined_not_forgotten(make_desk: Callable[..., Desk]) -> None:
    answers: dict[bytes, Answer] = {
        b"UID FETCH": b'* 1 FETCH (UID 4 INTERNALDATE "23-Nov-2026 01:25:03 +0000" RFC822.SIZE 9 BODY[] NIL)\r\n',
        b"UID SEARCH": b"* SEARCH 4\r\n",
    }
    with run_scripted_imap(answers) as script:
        desk = make_desk(imap=script.server)
        desk.poll()
        assert desk.poll(full=True).stored == 0
        desk.close()
    mail = Mail.objects.get()
    assert (mail.state, mail.failure, mail.raw) == ("failed", "no_body", b"")


def test_what_breaks_in_the_middle_stays_committed_and_goes_on(desk: Desk, deliver_mail: Deliver) -> None:
    deliver_mail(*(make_mail("valami", number) for number in range(110)))

    def break_off() -> None:
        desk.hang_up()

    with pytest.raises(MailError):
        desk.poll(stored=break_off)
    assert Mail.objects.count() == 100
    assert Folder.objects.get().missing == 10
    assert desk.poll().stored == 10
    assert Folder.objects.get().missing == 0


def test_a_wake_up_with_a_mail_says_few_words(desk: Desk, deliver_mail: Deliver) -> None:
    """Claimed, known or not, twins, mail, bytes, how far, level."""
    deliver_mail(make_mail("valami", 1))
    desk.poll()
    deliver_mail(make_mail("valami", 2))
    bells: list[int] = []
    with CaptureQueriesContext(connection) as said:
        assert desk.poll(stored=lambda: bells.append(Folder.objects.get().missing)).stored == 1
    assert sum('"worker_' in one["sql"] for one in said) <= 7 + 1, "the bell's own"
    assert bells == [0]
    row = Folder.objects.get()
    assert (row.highest_uid, row.missing, row.lease_token, row.lease_until) == (2, 0, None, None)


def test_what_breaks_in_the_middle_of_a_wake_up_is_not_taken_in_twice(desk: Desk, deliver_mail: Deliver) -> None:
    desk.poll()
    deliver_mail(*(make_mail("valami", number) for number in range(110)))

    def break_off() -> None:
        desk.hang_up()

    with pytest.raises(MailError):
        desk.poll(stored=break_off)
    row = Folder.objects.get()
    assert (row.highest_uid, row.missing, row.lease_token) == (0, 10, None)
    desk.mailbox().select("INBOX", readonly=True)  # as the watcher's next connection has it open
    assert desk.poll().stored == 10
    assert Mail.objects.count() == 110
    assert Folder.objects.get().missing == 0
