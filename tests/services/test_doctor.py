"""The doctor against real servers: each trouble has one line that names it and says what to do."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.servers.dovecot import Dovecot, dovecot, mailbox_user, run_dovecot, short_folder
from tests.servers.processes import free_port
from tests.servers.redis_server import RedisServer, redis_server
from tests.servers.smtp_sink import Sink, sink
from worker.mail.server import MailServer, parse_server
from worker.services.doctor.broker import examine_broker
from worker.services.doctor.database import examine_database
from worker.services.doctor.diagnosis import Diagnosis, Grade
from worker.services.doctor.imap import examine_imap
from worker.services.doctor.smtp import examine_smtp

__all__ = ["dovecot", "mailbox_user", "redis_server", "sink"]


def worst(lines: list[Diagnosis]) -> Diagnosis:
    """The first failing line, else the first warning, else the first line."""
    return next(line for grade in (Grade.FAIL, Grade.WARN, Grade.OK) for line in lines if line.grade is grade)


def imap(url: str) -> Diagnosis:
    """The worst line for this IMAP URL."""
    return worst(list(examine_imap(parse_server(url, "imap"))))


def test_a_good_mailbox(dovecot: Dovecot, mailbox_user: str) -> None:
    lines = list(examine_imap(parse_server(dovecot.url(mailbox_user), "imap")))
    assert {line.grade for line in lines} == {Grade.OK}
    assert any("the folder INBOX opens; 0 mails in it" in line.found for line in lines)


def test_wrong_password(dovecot: Dovecot) -> None:
    said = imap(f"imap://asp:wrong@127.0.0.1:{dovecot.port}/INBOX")
    assert said.grade is Grade.FAIL
    assert "refuses user name or password" in said.found
    assert "ASPOKTATAS_IMAP_URL" in said.advice


def test_unknown_folder(dovecot: Dovecot, mailbox_user: str) -> None:
    said = imap(dovecot.url(mailbox_user, folder="Nincs ilyen"))
    assert "the folder Nincs ilyen cannot be opened" in said.found


def test_unknown_host() -> None:
    assert "is unknown" in imap("imaps://a:b@no-such-host.invalid/").found


def test_nothing_listens() -> None:
    assert "nothing listens" in imap(f"imap://a:b@127.0.0.1:{free_port()}/").found


def test_certificate_of_an_unknown_issuer(dovecot: Dovecot) -> None:
    said = imap(f"imaps://asp:{quote('x')}@127.0.0.1:{dovecot.tls_port}/INBOX")
    assert "unknown issuer" in said.found


def test_a_server_without_move_and_idle_is_a_warning_that_says_what_is_lost() -> None:
    with short_folder() as home, run_dovecot(home, capability="IMAP4rev1") as bare:
        said = [line for line in examine_imap(parse_server(bare.url("asp"), "imap")) if line.grade is Grade.WARN]
    assert [line.found.split(":")[0] for line in said] == [
        "the server has no IDLE",
        "the server has no MOVE",
        "the server has no UIDPLUS",
    ]


def test_no_mailbox_configured() -> None:
    assert worst(list(examine_imap(None))).advice == "set ASPOKTATAS_IMAP_URL"


def test_smtp(sink: Sink) -> None:
    server = MailServer("smtp", parse_server(sink.url(), "smtp").security, "127.0.0.1", sink.port)
    assert worst(list(examine_smtp(server, replies="on"))).grade is Grade.OK
    refusing = parse_server(f"smtp://127.0.0.1:{free_port()}", "smtp")
    assert "nothing listens" in worst(list(examine_smtp(refusing, replies="on"))).found
    assert worst(list(examine_smtp(None, replies="off"))).grade is Grade.OK
    assert worst(list(examine_smtp(None, replies="draft"))).grade is Grade.FAIL


def test_redis(redis_server: RedisServer) -> None:
    assert worst(list(examine_broker(redis_server.url()))).grade is Grade.OK
    redis_server.client().config_set("maxmemory-policy", "allkeys-lru")
    said = worst(list(examine_broker(redis_server.url())))
    assert "evicts keys (allkeys-lru)" in said.found
    assert said.advice == "set maxmemory-policy noeviction"


def test_redis_down() -> None:
    assert "cannot be reached" in worst(list(examine_broker(f"redis://127.0.0.1:{free_port()}/0"))).found


@pytest.mark.django_db
def test_a_good_database(tmp_path: Path) -> None:
    lines = {line.part: line for line in examine_database()}
    assert {line.grade for line in lines.values()} == {Grade.OK}
    assert set(lines) == {"database", "schema", "writing", "clock"}
