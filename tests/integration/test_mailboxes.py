"""Two mailboxes as operators run them: one process, and one of the servers away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.mails import OURS, request
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.ledgers import ready_product
from tests.servers.processes import free_port
from tests.servers.smtp_sink import run_sink

__all__ = ["dovecot"]


def numbered(number: int) -> bytes:
    """A request that is answered; every number is somebody else's."""
    raw = request().replace(b"minta.bela@", b"minta.bela%d@" % number).replace(OURS.encode(), b"kepzes@hivatal.hu")
    return raw.replace(b"<kerelem.1@", b"<kerelem.%d@" % number)


@pytest.mark.parametrize("broken", ["", "imap", "smtp"])
def test_each_answers_as_itself_whatever_becomes_of_the_other(tmp_path: Path, dovecot: Dovecot, broken: str) -> None:
    users = f"elso{broken}", f"masodik{broken}"
    nowhere = f"127.0.0.1:{free_port()}"
    with (
        run_sink() as first,
        run_sink() as second,
        ready_product(
            tmp_path,
            BROKER_URL="memory://",
            IMAP_URL=f"imap://x:y@{nowhere}/INBOX" if broken == "imap" else dovecot.url(users[0]),
            SMTP_URL=f"smtp://{nowhere}" if broken == "smtp" else first.url(),
            ADDRESS="oktatas@hivatal.hu",
            IMAP_URL_2=dovecot.url(users[1]),
            SMTP_URL_2=second.url(),
            ADDRESS_2="kepzes@hivatal.hu",
        ) as running,
    ):
        for number, user in enumerate(users):
            dovecot.deliver(user, numbered(number))
        running.start("run")
        assert second.wait_for(1, 60)
        assert second.accepted[0].sender == "kepzes@hivatal.hu"
        dovecot.deliver(users[1], numbered(7))
        assert second.wait_for(2, 30), "and goes on"
        if not broken:
            assert first.wait_for(1, 30)
            assert first.accepted[0].sender == "oktatas@hivatal.hu"
            running.wait_until(lambda: running.count("worker_mail", "state = 'filed'") == 3, 30)
        said = running.command("status").stdout
        assert f"{users[1]}@127.0.0.1, watched" in said
        doctor = running.command("doctor")
        assert (doctor.returncode == 1) == bool(broken)
        assert "imap_2" in doctor.stdout
        assert set(running.stop().values()) == {0}
