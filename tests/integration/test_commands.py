"""The commands an operator types, as processes of their own."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.integration.conftest import Post
from tests.integration.expectations import check_outcome, expect
from tests.servers.mails import Writer, make_mails
from tests.servers.processes import free_port
from tests.servers.product import product


def test_poll_once_leaves_nothing_pending(tmp_path: Path, post: Post) -> None:
    raws = make_mails(24)
    post.deliver(raws)
    with product(tmp_path, **post.variables()) as made:
        done = made.command("poll", "--once")
        assert (done.returncode, done.stdout) == (0, "taken in 24, filed 24\n"), done.stderr
        client = post.client()
        check_outcome(made, expect(raws), post.sink, client)
        again = made.command("poll", "--once")
        assert (again.returncode, again.stdout) == (0, "taken in 0, filed 0\n")
        client.logout()


def test_what_cannot_be_reached_is_one_line(tmp_path: Path, post: Post) -> None:
    with product(tmp_path, **{**post.variables(), "IMAP_URL": "imap://a:titok@127.0.0.1:1"}) as made:
        done = made.command("poll", "--once")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "titok" not in done.stderr


def test_without_a_mailbox_nothing_starts(tmp_path: Path) -> None:
    with product(tmp_path) as made:
        for words in (("run",), ("poll", "--once")):
            done = made.command(*words)
            assert done.returncode == 2
            assert "ASPOKTATAS_IMAP_URL" in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1


def test_a_port_in_use_is_one_line(tmp_path: Path, post: Post) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)), product(tmp_path, WEB_PORT=str(port), **post.variables()) as made:
        done = made.command("run")
    assert done.returncode == 2
    assert "ASPOKTATAS_WEB_PORT" in done.stderr


def test_the_watcher_alone_needs_a_broker(tmp_path: Path, post: Post) -> None:
    with product(tmp_path, **post.variables()) as made:
        done = made.command("watch")
    assert done.returncode == 2
    assert "aspoktatas run" in done.stderr


@pytest.mark.parametrize("style", ["text", "json"])
def test_logs_hold_no_content(tmp_path: Path, post: Post, style: str) -> None:
    """No address, name, number, subject or text of a mail reaches a log; what became of each mail does, by its key."""
    raws = make_mails(16)
    with product(tmp_path, LOG=style, **post.variables()) as made:
        made.start("run")
        post.deliver(raws)
        made.wait_until(lambda: made.count("worker_mail", "state = 'filed'") == 16, 60)
        keys = {key for (key,) in made.query("SELECT id FROM worker_mail")}
        assert made.stop() == {"run": 0}
        log = (tmp_path / "run.log").read_text("utf-8")
    people = [Writer(number) for number in range(16)]
    personal = {word for one in people for word in (one.name, one.family, one.address, one.domain, one.pir)}
    for word in (*personal, "mintafalu", "Kovacs", "kovacs", "Regisztráci", "jegyzo@", "Tisztelt"):
        assert word not in log
    if style == "json":
        spoken = [line for line in log.splitlines() if not line.startswith("{")]
        assert len(spoken) <= 2  # to the terminal, at the start and at the end
        assert {json.loads(line).get("mail") for line in log.splitlines() if line not in spoken} >= keys
