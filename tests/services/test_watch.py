"""The watcher: stores what arrives at once, and comes back after every failure."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.servers.dovecot import run_dovecot, short_folder
from tests.servers.scripted_imap import Answer, run_scripted_imap
from tests.servers.standin import make_mail
from worker.mail.errors import Throttled
from worker.mail.server import parse_server
from worker.models import Control, Mail
from worker.services.desk import Desk
from worker.services.status import is_alive
from worker.watch import Watcher
from worker.watchdog import watch_progress

Deliver = Callable[..., None]


@contextmanager
def watching(desk: Desk, ring: Callable[[], None], **waits: float) -> Iterator[Watcher]:
    stop = threading.Event()
    watcher = Watcher(desk, ring, stop, **waits)
    thread = threading.Thread(target=watcher.run)
    thread.start()
    try:
        yield watcher
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def test_a_mail_is_stored_at_once(desk: Desk, deliver_mail: Deliver) -> None:
    rung = threading.Semaphore(0)
    deliver_mail(make_mail("valami", 1))
    with watching(desk, rung.release):
        assert rung.acquire(timeout=20)
        for number in range(2, 6):
            started = time.monotonic()
            deliver_mail(make_mail("valami", number))
            assert rung.acquire(timeout=20)
            assert time.monotonic() - started < 5, "the hint, not the timer"
        assert is_alive("watcher")
    assert Mail.objects.count() == 5
    assert not Control.objects.filter(name="heartbeat:watcher").exists(), "it ended in good order"


def test_it_comes_back_after_a_broken_connection(make_desk: Callable[..., Desk]) -> None:
    logins = 0
    healed = threading.Event()

    def log_in(_: bytes) -> bytes:
        nonlocal logins
        logins += 1
        return b"EOF" if logins == 1 else b""

    def search(_: bytes) -> bytes:
        healed.set()
        return b"* SEARCH\r\n"

    answers: dict[bytes, Answer] = {b"LOGIN": log_in, b"UID SEARCH": search, b"IDLE": b"EOF"}
    with run_scripted_imap(answers) as script, watching(make_desk(imap=script.server), lambda: None):
        assert healed.wait(20)


def test_idle_is_given_up_and_asked_for_again(desk: Desk, deliver_mail: Deliver) -> None:
    """Routers forget a silent connection after minutes: a poll between two IDLEs proves it."""
    rung, polls = threading.Semaphore(0), set[float]()
    with watching(desk, rung.release, idle_for=0.2) as watcher:
        deadline = time.monotonic() + 20
        while len(polls) < 4 and time.monotonic() < deadline:
            polls.add(watcher.progress_at)
            assert not rung.acquire(timeout=0.05)
        assert len(polls) >= 4
        deliver_mail(make_mail("valami", 1))
        assert rung.acquire(timeout=20)


def test_without_idle_it_asks(make_desk: Callable[..., Desk]) -> None:
    rung = threading.Semaphore(0)
    with short_folder() as home, run_dovecot(home, capability="IMAP4rev1 NAMESPACE MOVE") as server:
        client = server.client()
        desk = make_desk(imap=parse_server(server.url(), "imap"))
        with watching(desk, rung.release, without_idle=0.2):
            for number in range(2):
                client.append("INBOX", "", "", make_mail("valami", number))
                assert rung.acquire(timeout=20)
        client.logout()


class CountWaits(threading.Event):
    """Takes down how long the watcher means to wait, and stops it after the sixth time."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        if len(self.waits) == 6:
            self.set()
        return self.is_set()


def test_it_backs_off_longer_each_time_and_never_in_step_with_others(make_desk: Callable[..., Desk]) -> None:
    away, series = parse_server("imap://a:b@127.0.0.1:1", "imap"), []
    for _ in range(2):
        stop = CountWaits()
        watcher = Watcher(make_desk(imap=away), lambda: None, stop)
        watcher.run()
        assert all(0.5 * 2**power <= wait <= 1.5 * 2**power for power, wait in enumerate(stop.waits))
        assert watcher.progress_at > time.monotonic(), "a server that is away is no hang of ours"
        series.append(stop.waits)
    assert series[0] != series[1]


class StopAtFirstWait(threading.Event):
    """Takes down how long the watcher means to wait, and stops it instead."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        self.set()
        return True


def test_it_waits_as_long_as_the_server_asks(make_desk: Callable[..., Desk]) -> None:
    refusals = {
        b"TAG NO Suggested Backoff Time: 3600000 milliseconds\r\n": 3600.0,
        b"TAG NO [AUTHENTICATIONFAILED] no\r\n": 60.0,
    }
    for refusal, least in refusals.items():
        stop = StopAtFirstWait()
        with run_scripted_imap({b"LOGIN": refusal}) as script:
            Watcher(make_desk(imap=script.server), lambda: None, stop).run()
        assert stop.waits[0] >= least


def test_a_process_without_progress_ends_itself() -> None:
    codes: list[int] = []
    marks = {"steady": time.monotonic, "stuck": lambda: time.monotonic() - 100}
    watch_progress(marks, silent_for=50, end=codes.append, check_every=0.01).join(5)
    assert codes == [70]


def test_while_the_server_rests_nobody_logs_in(make_desk: Callable[..., Desk]) -> None:
    answer = b"TAG NO Suggested Backoff Time: 300000 milliseconds\r\n"
    with run_scripted_imap({b"LOGIN": answer}) as script:
        for _ in range(3):
            with pytest.raises(Throttled) as caught:
                make_desk(imap=script.server).mailbox()
            assert 290 < (caught.value.wait or 0) <= 300
        assert sum(command.startswith(b"LOGIN") for command in script.commands) == 1
