"""One watcher a mailbox, whoever else stands by."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.servers.scripted_imap import run_scripted_imap
from worker.clock import database_now
from worker.models import Control
from worker.services.desk import Desk
from worker.services.watching import WATCH, Post
from worker.watch import Watcher

pytestmark = pytest.mark.django_db


def test_the_first_has_it_the_second_waits_until_it_is_left() -> None:
    first, second = Post(""), Post("")
    assert first.hold()
    assert not second.hold()
    assert first.hold()
    first.leave()
    assert second.hold()
    assert second.is_taken
    second.leave()
    assert not second.is_taken


def test_every_mailbox_has_its_own() -> None:
    assert Post("").hold()
    assert Post("_2").hold()


def test_a_lease_that_ran_out_is_anybodys_and_the_loser_learns_of_it() -> None:
    first, second = Post(""), Post("")
    assert first.hold()
    Control.objects.update(at=database_now() - timedelta(seconds=1))
    assert second.hold()
    first._renewed_at = None  # as if RENEW_S had passed
    assert not first.hold()
    first.leave()
    assert second.is_taken, "only what is one's own is left"


def test_a_dead_process_of_this_machine_is_followed_at_once() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    first, second = Post(""), Post("")
    first.hold()
    row = Control.objects.get(name=WATCH)
    Control.objects.update(value={**row.value, "pid": child.pid, "holder": "x"})
    assert second.hold()


def test_a_process_of_another_machine_is_never_taken_for_dead() -> None:
    first, second = Post(""), Post("")
    first.hold()
    row = Control.objects.get(name=WATCH)
    Control.objects.update(value={**row.value, "pid": 2**22 + os.getpid(), "place": "another machine"})
    assert not second.hold()


@pytest.mark.django_db(transaction=True)
def test_two_watchers_make_one_connection(make_desk: Callable[..., Desk]) -> None:
    searched, stop = threading.Semaphore(0), threading.Event()

    def search(_: bytes) -> bytes:
        searched.release()
        return b"* SEARCH\r\n"

    with run_scripted_imap({b"UID SEARCH": search, b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n"}) as script:
        watchers = [Watcher(make_desk(imap=script.server), lambda: None, stop) for _ in range(2)]
        threads = [threading.Thread(target=watcher.run) for watcher in watchers]
        before = [watcher.progress_at for watcher in watchers]
        threads[0].start()
        assert searched.acquire(timeout=20)
        threads[1].start()
        while watchers[1].progress_at == before[1]:
            assert not stop.wait(0.05)
        stop.set()
        for thread in threads:
            thread.join(20)
        assert sum(command.startswith(b"LOGIN") for command in script.commands) == 1
    assert not Control.objects.filter(name=WATCH).exists()
