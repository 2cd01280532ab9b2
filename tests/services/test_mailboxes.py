"""Several mailboxes: each is read, answered and filed as itself, and none waits for another's servers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes

import pytest

from config.accounts import Account
from config.environment import Environment
from registry.models import Registration
from rules.chain import decide as real_decide
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import Sink, run_sink
from tests.servers.standin import THINKING, make_mail
from worker.clock import database_now
from worker.mail.server import parse_server
from worker.models import Control, Folder, Mail, Reply
from worker.services.alarms import News, find_trouble
from worker.services.controls import beat, note_failing, note_tokens
from worker.services.decide import GROUP
from worker.services.desk import Desk
from worker.services.desks import Desks
from worker.services.metrics import LedgerCollector
from worker.services.notify import Scribe
from worker.services.rests import REST
from worker.services.status import get_status
from worker.services.tell_operators import write_letter
from worker.services.thinking import load_thinking
from worker.watch import Watcher

AWAY = parse_server("imap://kepzes:x@127.0.0.1:1", "imap")
NOBODY = parse_server("smtp://127.0.0.1:1", "smtp")


@dataclass(frozen=True)
class Pair:
    """Two mailboxes of one installation, each with an SMTP server of its own."""

    environment: Environment
    dovecot: Dovecot
    users: tuple[str, str]
    sinks: tuple[Sink, Sink]

    def deliver(self, number: int, *raws: bytes) -> None:
        """Append to the INBOX of one of them."""
        self.dovecot.deliver(self.users[number], *raws)

    def count(self, number: int, folder: str) -> int:
        """Mails in a folder of one of them."""
        client = self.dovecot.client(self.users[number])
        count = int((client.select(folder)[1][0] or b"0") if folder == "INBOX" else _count(client, folder))
        client.logout()
        return count

    def change(self, **changes: object) -> Environment:
        """The installation with the second mailbox changed."""
        [second] = self.environment.further
        return replace(self.environment, further=(replace(second, **changes),))  # type: ignore[arg-type]


def _count(client: object, folder: str) -> bytes:
    from imap_tools.utils import encode_folder  # noqa: PLC0415

    kind, data = client.select(encode_folder(folder).decode())  # type: ignore[attr-defined]
    return data[0] if kind == "OK" else b"0"


@pytest.fixture
def pair(environment: Environment, dovecot: Dovecot, mailbox_user: str, sink: Sink) -> Iterator[Pair]:
    other = f"{mailbox_user}masik"
    with run_sink() as second_sink:
        second = Account(
            "_2", parse_server(dovecot.url(other), "imap"), parse_server(second_sink.url(), "smtp"), "kepzes@hivatal.hu"
        )
        both = replace(environment, further=(second,), addresses=environment.addresses | {"kepzes@hivatal.hu"})
        yield Pair(both, dovecot, (mailbox_user, other), (sink, second_sink))


@pytest.fixture
def desks(pair: Pair) -> Iterator[Desks]:
    made = Desks(pair.environment, THINKING)
    yield made
    made.close()


def test_each_is_answered_and_filed_as_itself(pair: Pair, desks: Desks) -> None:
    pair.deliver(0, make_mail("hianyos", 1))
    pair.deliver(1, make_mail("hianyos", 2), make_mail("teljes", 3))
    found, failed = desks.poll(full=True)
    assert (found.stored, failed) == (3, {})
    desks.process()
    desks.file()
    [first], [second] = pair.sinks[0].accepted, pair.sinks[1].accepted
    for taken, address, receiver in (
        (first, pair.environment.address, "minta.eva1@falu1.example"),
        (second, "kepzes@hivatal.hu", "minta.eva2@falu2.example"),
    ):
        letter = message_from_bytes(taken.data)
        assert taken.sender == address
        assert taken.recipients[0] == receiver
        assert f"<{address}>" in letter["From"]
        assert letter["Reply-To"] == f"<{address}>"
        assert taken.message_id.endswith(f"@{address.rpartition('@')[2]}>")
    assert (pair.count(0, "Hiánypótlás"), pair.count(1, "Hiánypótlás"), pair.count(1, "Regisztráció")) == (1, 1, 1)
    assert sorted(Mail.objects.values_list("mailbox", flat=True)) == sorted(
        [pair.environment.accounts[0].mailbox] + 2 * [pair.environment.accounts[1].mailbox]
    )


def test_one_mail_to_both_is_answered_once(pair: Pair, desks: Desks) -> None:
    pair.deliver(0, make_mail("hianyos", 1))
    pair.deliver(1, b"Received: from elsewhere\r\n" + make_mail("hianyos", 1))
    desks.poll()
    desks.process()
    desks.file()
    assert sum(len(sink.accepted) for sink in pair.sinks) == 1
    assert Mail.objects.filter(twin_of__isnull=False, state="filed").count() == 1


def test_what_one_sends_the_other_never_answers(pair: Pair) -> None:
    thinking = load_thinking()
    assert thinking.decide is real_decide
    desks = Desks(pair.environment, thinking)
    written = (
        f"From: Tanfolyam <kepzes@hivatal.hu>\r\nTo: {pair.environment.address}\r\nMessage-ID: <1@hivatal.hu>\r\n"
        "Subject: Regisztráció\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKérem Minta Éva regisztrációját.\r\n"
    ).encode()
    pair.deliver(0, written)
    pair.deliver(1, written.replace(b"kepzes@hivatal.hu", pair.environment.address.encode(), 1).replace(b"<1@", b"<2@"))
    desks.poll()
    desks.process()
    desks.close()
    assert list(Mail.objects.values_list("kind", flat=True)) == ["automatic", "automatic"]
    assert not Reply.objects.exists()


def test_a_notice_speaks_for_the_mails_mailbox(pair: Pair, desks: Desks) -> None:
    pair.deliver(1, make_mail("teljes", 1))
    desks.poll()
    desks.process()
    row = Registration.objects.get()
    assert Scribe(pair.environment, THINKING).voice_for(row.mail).address == "kepzes@hivatal.hu"


def test_a_mailbox_that_cannot_be_reached_holds_up_nobody(pair: Pair) -> None:
    pair.deliver(0, make_mail("hianyos", 1))
    desks = Desks(pair.change(imap=AWAY), THINKING)
    _, failed = desks.poll(full=True)
    assert list(failed) == [AWAY.mailbox]
    desks.process()
    desks.file()
    desks.copy_sent()
    assert len(pair.sinks[0].accepted) == 1
    assert pair.count(0, "Hiánypótlás") == 1
    desks.close()


def test_a_server_for_replies_that_fails_is_left_alone_and_the_others_come_first(pair: Pair) -> None:
    pair.deliver(1, *(make_mail("hianyos", number) for number in range(1, 4)))
    desks = Desks(pair.change(smtp=NOBODY), THINKING)
    desks.poll()
    desks.process()
    row = Control.objects.get(name=f"{REST}smtp_2")
    pair.deliver(0, make_mail("hianyos", 4))
    desks.poll()
    desks.process()
    assert len(pair.sinks[0].accepted) == 1
    assert Control.objects.get(name=f"{REST}smtp_2").at == row.at, "nobody tried it again meanwhile"
    assert [desk.is_troubled for desk in desks.all] == [False, True]
    desks.close()

    Control.objects.filter(name=f"{REST}smtp_2").update(at=database_now())
    Reply.objects.filter(state="retrying").update(next_attempt_at=database_now())
    healed = Desks(pair.environment, THINKING)
    healed.process()
    assert len(pair.sinks[1].accepted) == 3
    assert not Control.objects.filter(name__startswith=REST).exists()
    healed.close()


def test_only_one_process_tries_a_failing_server(pair: Pair) -> None:
    Control.objects.create(name=f"{REST}smtp_2", at=database_now() - timedelta(seconds=1))
    pair.deliver(1, make_mail("hianyos", 1))
    first, second = (Desk(pair.environment, THINKING, account=pair.environment.further[0]) for _ in range(2))
    first.poll()
    first.decide()
    assert first._smtp_rest.may_try()
    assert second.deliver() == 0
    first._smtp_rest.give_turn_back()
    assert second.deliver() == 1
    first.close()
    second.close()


def test_a_mailbox_taken_out_of_the_configuration_is_finished_as_the_firsts(pair: Pair, desks: Desks) -> None:
    pair.deliver(1, make_mail("hianyos", 1))
    desks.poll()
    alone = Desks(replace(pair.environment, further=()), THINKING)
    alone.process()
    assert [taken.sender for taken in pair.sinks[0].accepted] == [pair.environment.address]
    alone.close()


def test_watchers_work_side_by_side(pair: Pair) -> None:
    stop, rung = threading.Event(), threading.Semaphore(0)
    environment = pair.change(imap=AWAY)
    watchers = [Watcher(Desk(environment, THINKING, account=one), rung.release, stop) for one in environment.accounts]
    threads = [threading.Thread(target=watcher.run) for watcher in watchers]
    for thread in threads:
        thread.start()
    try:
        pair.deliver(0, make_mail("teljes", 1))
        assert rung.acquire(timeout=60)
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)
    assert Control.objects.filter(name="failing:watcher_2").exists()
    assert [watcher.name for watcher in watchers] == ["watcher", "watcher_2"]


def test_status_metrics_and_alarms_tell_them_apart(pair: Pair, desks: Desks) -> None:
    pair.deliver(1, make_mail("hianyos", 1))
    desks.poll()
    desks.process()
    now = database_now()
    first, second = pair.environment.accounts
    beat("watcher")
    note_tokens("smtp_2", None, now - timedelta(minutes=4))
    Folder.objects.filter(mailbox=second.mailbox).update(polled_at=now - timedelta(minutes=30))
    status = {one.mailbox: one for one in get_status(pair.environment.accounts).mailboxes}
    assert (status[first.mailbox].watcher_alive, status[second.mailbox].watcher_alive) == (True, False)
    assert status[second.mailbox].mails["decided"] == 1
    assert not get_status(pair.environment.accounts).watcher_alive
    samples = {
        (sample.labels.get("mailbox"), sample.labels.get("state")): sample.value
        for metric in LedgerCollector("on", 0, "1", pair.environment.accounts).collect()
        for sample in metric.samples
        if sample.name == "aspoktatas_mailbox_replies"
    }
    assert samples == {(second.mailbox, "sent"): 1}
    assert find_trouble(now, pair.environment.accounts) == {"poll_late_2": "30", "token_failing_2": "4"}


def test_a_mailbox_that_was_never_read_is_an_alarm_too(pair: Pair) -> None:
    note_failing("watcher_2")
    Control.objects.update(at=database_now() - timedelta(minutes=11))
    assert find_trouble(database_now(), pair.environment.accounts) == {"poll_late_2": "11"}


def test_the_letter_names_the_mailbox() -> None:
    places = {"": "oktatas@hivatal.hu", "_2": "kepzes@hivatal.hu"}
    news = News({"poll_late_2": "30", "quarantine": "1"}, {"poll_late": "11"}, ("token_failing_2",))
    text = " ".join(write_letter(news, "a@b.hu", ("c@d.hu",), places).get_content().split())
    assert "– kepzes@hivatal.hu: A postafiókot 30 perce" in text
    assert "– oktatas@hivatal.hu: A postafiókot 11 perce" in text
    assert "– Karanténban" in text
    assert "Megszűnt: – kepzes@hivatal.hu: " in text


def test_a_turn_ends_before_the_work_does(pair: Pair) -> None:
    """A backlog of thousands must not keep a task until its time limit cuts it off in the middle of a letter."""
    number = GROUP + 5
    pair.deliver(0, *(make_mail("hianyos", one) for one in range(number)))
    desks = Desks(pair.environment, THINKING)
    desks.poll(full=True)
    assert desks.process(for_s=0.0)
    left = Mail.objects.filter(state="stored").count()
    assert left == number - GROUP
    desks.process()
    desks.close()
    assert not Mail.objects.filter(state="stored").exists()
