"""XOAUTH2 against a Dovecot and an SMTP server that take nothing else, with tokens of a real issuer on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.servers.dovecot import Dovecot, run_dovecot, short_folder
from tests.servers.oauth_issuer import SECRET, Issuer, run_issuer
from tests.servers.processes import free_port
from tests.servers.smtp_sink import Sink, sink
from worker.mail.errors import Disconnected, LoginRefused
from worker.mail.imap import Mailbox
from worker.mail.server import MailServer, Security
from worker.mail.smtp import Result, Sender
from worker.mail.tokens import Client, TokenSource, client_credentials, google_service_account
from worker.services.doctor.imap import examine_imap
from worker.services.doctor.smtp import examine_smtp

__all__ = ["sink"]
DATA = b"Subject: a\r\n\r\nb\r\n"


@pytest.fixture
def issuer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """An issuer that this machine trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with run_issuer(tmp_path, authority) as running:
        yield running


@pytest.fixture
def tokens(issuer: Issuer) -> TokenSource:
    """Client credentials at the issuer."""
    return client_credentials(Client(issuer.authority, "aspoktatas", SECRET, "https://posta.example/.default"))


@pytest.fixture
def strict_dovecot(issuer: Issuer) -> Iterator[Dovecot]:
    """A Dovecot without passwords."""
    with short_folder() as home, run_dovecot(home, token_inspection_port=issuer.inspection_port) as server:
        yield server


def imap(server: Dovecot, tokens: TokenSource) -> MailServer:
    return MailServer("imap", Security.PLAIN, "127.0.0.1", server.port, "asp", folder="INBOX", tokens=tokens)


def smtp(sink: Sink, tokens: TokenSource) -> MailServer:
    return MailServer("smtp", Security.PLAIN, "127.0.0.1", sink.port, "asp", tokens=tokens)


def test_imap_takes_the_token(strict_dovecot: Dovecot, tokens: TokenSource, issuer: Issuer) -> None:
    for _ in range(2):
        with Mailbox(imap(strict_dovecot, tokens)) as mailbox:
            mailbox.select("INBOX", readonly=True)
            assert mailbox.search() == []
    assert len(issuer.issued) == 1  # the second login used the kept one
    assert issuer.grants[0]["grant_type"] == "client_credentials"
    assert issuer.grants[0]["scope"] == "https://posta.example/.default"
    assert tokens.expires_at is not None
    assert 3500 < (tokens.expires_at - datetime.now(UTC)).total_seconds() <= 3600


def test_a_token_that_ends_soon_is_renewed_early(tokens: TokenSource, issuer: Issuer) -> None:
    issuer.lifetime = 200  # seconds: less than five minutes
    assert tokens.get() == "jel-1"
    assert tokens.get() == "jel-2"


def test_imap_refuses_a_bad_token_as_a_login(strict_dovecot: Dovecot, tokens: TokenSource, issuer: Issuer) -> None:
    tokens.get()
    issuer.issued[:] = ["another"]
    with pytest.raises(LoginRefused):
        Mailbox(imap(strict_dovecot, tokens))


def test_smtp_takes_the_token(sink: Sink, tokens: TokenSource) -> None:
    sink.tokens["asp"] = "jel-1"
    sender = Sender(smtp(sink, tokens))
    assert sender.send("a@b.hu", ["c@d.hu"], DATA, lambda: None).result is Result.ACCEPTED
    sender.close()
    assert sink.logins == ["asp"]


def test_smtp_that_refuses_the_token_is_tried_again_later(sink: Sink, tokens: TokenSource) -> None:
    sender = Sender(smtp(sink, tokens))
    delivery = sender.send("a@b.hu", ["c@d.hu"], DATA, lambda: None)
    sender.close()
    assert delivery.result is Result.TEMPORARY
    assert delivery.server_trouble
    assert sink.accepted == []


def test_a_refusing_issuer_is_remembered_until_it_gives_again(tokens: TokenSource, issuer: Issuer, sink: Sink) -> None:
    issuer.refuses = True
    with pytest.raises(LoginRefused, match="invalid_client"):
        tokens.get()
    since = tokens.failing_since
    assert since is not None
    delivery = Sender(smtp(sink, tokens)).send("a@b.hu", ["c@d.hu"], DATA, lambda: None)
    assert delivery.result is Result.TEMPORARY
    assert SECRET not in delivery.answer
    assert tokens.failing_since == since
    issuer.refuses = False
    assert tokens.get() == "jel-1"
    assert tokens.failing_since is None


@pytest.mark.parametrize("examine", ["imap", "smtp"])
def test_the_doctor_names_the_issuer(examine: str, tokens: TokenSource, issuer: Issuer, sink: Sink) -> None:
    issuer.refuses = True
    with short_folder() as home, run_dovecot(home, token_inspection_port=issuer.inspection_port) as server:
        said = list(
            examine_imap(imap(server, tokens))
            if examine == "imap"
            else examine_smtp(smtp(sink, tokens), replies="on", address="asp@pelda.hu")
        )
    assert said[0].found == "no access token: the issuer refuses (invalid_client)"
    assert "secret has not expired" in said[0].advice


def test_an_issuer_that_is_away() -> None:
    away = client_credentials(Client(f"https://127.0.0.1:{free_port()}/pelda/v2.0", "aspoktatas", SECRET))
    with pytest.raises(Disconnected):
        away.get()
    assert away.failing_since is not None


def test_google_acts_as_the_mailbox(issuer: Issuer) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = {
        "type": "service_account",
        "client_email": "aspoktatas@pelda.example",
        "private_key": pem.decode(),
        "token_uri": f"{issuer.authority}/token",
    }
    tokens = google_service_account(json.dumps(key), "asp@pelda.hu")
    assert (tokens.get(), tokens.get()) == ("jel-1", "jel-1")
    assert urlsplit(issuer.grants[0]["grant_type"]).path.endswith("jwt-bearer")
    with pytest.raises(ValueError, match="no service account"):
        google_service_account("{}", "asp@pelda.hu")
