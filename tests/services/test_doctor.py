"""The doctor against real servers: each trouble has one line that names it and says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme
from django.db import connection

from tests.servers.dovecot import PASSWORD, Dovecot, dovecot, mailbox_user, run_dovecot, short_folder
from tests.servers.processes import free_port, server_process
from tests.servers.redis_server import RedisServer, redis_server
from tests.servers.smtp_sink import Sink, sink
from worker.mail.server import MailServer, parse_server
from worker.services.doctor.broker import examine_broker
from worker.services.doctor.database import examine_database
from worker.services.doctor.diagnosis import Diagnosis, Grade
from worker.services.doctor.imap import examine_imap
from worker.services.doctor.smtp import examine_smtp

OURS = "aspoktatas@allamkincstar.gov.hu"
ROOT = Path(__file__).parents[2]
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


def certificate(authority: trustme.CA, host: str, not_after: datetime | None = None) -> Callable[[Path], None]:
    """Writes a certificate for `host` of this authority, with its key, into a server's folder."""

    def certify(home: Path) -> None:
        issued = authority.issue_cert(host, not_after=not_after)
        (home / "cert.pem").write_bytes(b"".join(one.bytes() for one in issued.cert_chain_pems))
        (home / "key.pem").write_bytes(issued.private_key_pem.bytes())

    return certify


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this machine trusts for the time of the test."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


def test_a_trusted_certificate(authority: trustme.CA) -> None:
    with short_folder() as home, run_dovecot(home, certify=certificate(authority, "127.0.0.1")) as server:
        said = imap(f"imaps://asp:{quote(PASSWORD, safe='')}@127.0.0.1:{server.tls_port}/INBOX")
    assert said.grade is Grade.OK


def test_a_certificate_for_another_host(authority: trustme.CA) -> None:
    with short_folder() as home, run_dovecot(home, certify=certificate(authority, "mail.pelda.hu")) as server:
        said = imap(f"imaps://asp:x@127.0.0.1:{server.tls_port}/INBOX")
    assert "names another host" in said.found
    assert "use the host name it was made for in ASPOKTATAS_IMAP_URL" in said.advice


def test_an_expired_certificate(authority: trustme.CA) -> None:
    past = datetime.now(UTC) - timedelta(days=3)
    with short_folder() as home, run_dovecot(home, certify=certificate(authority, "127.0.0.1", past)) as server:
        said = imap(f"imaps://asp:x@127.0.0.1:{server.tls_port}/INBOX")
    assert "has expired" in said.found
    assert "renew" in said.advice


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
    assert worst(list(examine_smtp(server, replies="on", address=OURS))).grade is Grade.OK
    refusing = parse_server(f"smtp://127.0.0.1:{free_port()}", "smtp")
    assert "nothing listens" in worst(list(examine_smtp(refusing, replies="on", address=OURS))).found
    assert worst(list(examine_smtp(None, replies="off", address=OURS))).grade is Grade.OK
    assert worst(list(examine_smtp(None, replies="draft", address=OURS))).grade is Grade.FAIL


def test_a_relay_that_takes_no_login(tmp_path: Path) -> None:
    port = free_port()
    with server_process([sys.executable, "-m", "bench.line.sink", str(port)], port=port, log=tmp_path / "relay.log"):
        given = parse_server(f"smtp://somebody:something@127.0.0.1:{port}", "smtp")
        said = worst(list(examine_smtp(given, replies="on", address=OURS)))
    assert said.grade is Grade.FAIL
    assert "takes no login" in said.found
    assert said.advice == "leave user and password out of ASPOKTATAS_SMTP_URL"


def test_smtp_that_refuses_our_sender(sink: Sink) -> None:
    sink.order("MAIL", "553 5.7.1 not owned by this login")
    said = worst(list(examine_smtp(parse_server(sink.url(), "smtp"), replies="on", address=OURS)))
    assert said.grade is Grade.FAIL
    assert f"refuses the sender {OURS}: 553 5.7.1 not owned" in said.found
    assert "ASPOKTATAS_ADDRESS" in said.advice
    assert not sink.accepted


def test_redis(redis_server: RedisServer) -> None:
    assert worst(list(examine_broker(redis_server.url()))).grade is Grade.OK
    redis_server.client().config_set("maxmemory-policy", "allkeys-lru")
    said = worst(list(examine_broker(redis_server.url())))
    assert "evicts keys (allkeys-lru)" in said.found
    assert said.advice == "set maxmemory-policy noeviction"


def test_a_redis_that_answers_and_takes_nothing(redis_server: RedisServer) -> None:
    with redis_server.client() as client:
        client.config_set("maxmemory", "1")
        assert "takes no messages" in worst(list(examine_broker(redis_server.url()))).found
        client.config_set("maxmemory", "0")
        client.replicaof("127.0.0.1", str(free_port()))
        assert "read only replica" in worst(list(examine_broker(redis_server.url()))).found


def test_redis_down() -> None:
    assert "cannot be reached" in worst(list(examine_broker(f"redis://127.0.0.1:{free_port()}/0"))).found


@pytest.mark.django_db
def test_a_good_database(tmp_path: Path) -> None:
    lines = {line.part: line for line in examine_database()}
    assert {line.grade for line in lines.values()} == {Grade.OK}
    assert set(lines) == {"database", "schema", "writing", "clock"}


@pytest.mark.django_db
def test_a_database_that_takes_no_writing() -> None:
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA query_only = ON" if sqlite else "SET TRANSACTION READ ONLY")
        lines = {line.part: line for line in examine_database()}
        if sqlite:
            cursor.execute("PRAGMA query_only = OFF")
    assert lines["writing"].grade is Grade.FAIL
    assert "read-only" in lines["writing"].found


@pytest.mark.django_db
def test_a_clock_that_is_off() -> None:
    lines = {line.part: line for line in examine_database(lambda: datetime.now(UTC) + timedelta(minutes=5))}
    assert lines["clock"].grade is Grade.WARN
    assert "differ by 300 s" in lines["clock"].found


@pytest.mark.parametrize("missing", ["ASPOKTATAS_SECRET_KEY"])
def test_a_missing_secret_is_one_line_that_says_what_to_do(missing: str, tmp_path: Path) -> None:
    settings = {"ASPOKTATAS_BROKER_URL": "redis://127.0.0.1:6379/0", "ASPOKTATAS_DATABASE_URL": "sqlite:///a.sqlite3"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASPOKTATAS_", "DJANGO_"))}
    command = [sys.executable, "-m", "config.cli", "doctor"]
    run = subprocess.run(
        command,
        check=False,
        cwd=tmp_path,
        env={**clean, **settings, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert len(run.stderr.strip().splitlines()) == 1
    assert missing in run.stderr
