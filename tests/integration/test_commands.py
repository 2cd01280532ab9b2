"""The commands an operator types, as processes of their own."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.integration.conftest import Post
from tests.integration.expectations import check_outcome, expect
from tests.servers.ledgers import ready_product
from tests.servers.mails import make_mails
from tests.servers.processes import free_port
from tests.servers.product import product


def test_poll_once_leaves_nothing_pending(tmp_path: Path, post: Post) -> None:
    """From a ledger that does not exist yet: the schema is its work, too."""
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
    with ready_product(tmp_path, **{**post.variables(), "IMAP_URL": "imap://a:titok@127.0.0.1:1"}) as made:
        done = made.command("poll", "--once")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "titok" not in done.stderr


def test_without_a_mailbox_nothing_starts(tmp_path: Path) -> None:
    with ready_product(tmp_path) as made:
        for words in (("run",), ("poll", "--once")):
            done = made.command(*words)
            assert done.returncode == 2
            assert "ASPOKTATAS_IMAP_URL" in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1


def test_a_port_in_use_is_one_line(tmp_path: Path, post: Post) -> None:
    port = free_port()
    with (
        socket.create_server(("127.0.0.1", port)),
        ready_product(tmp_path, WEB_PORT=str(port), **post.variables()) as made,
    ):
        done = made.command("run")
    assert done.returncode == 2
    assert "ASPOKTATAS_WEB_PORT" in done.stderr


def test_the_watcher_alone_needs_a_broker(tmp_path: Path, post: Post) -> None:
    with ready_product(tmp_path, **post.variables()) as made:
        done = made.command("watch")
    assert done.returncode == 2
    assert "aspoktatas run" in done.stderr
