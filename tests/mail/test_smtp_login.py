"""Logging in to an SMTP server by password, whatever its letters; and addresses that a server cannot take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.processes import free_port
from worker.mail.server import MailServer, Security
from worker.mail.smtp import Result, Sender

ACCOUNTS = {"asp": "jelszo", "ügyelet": "árvíztűrő jelszó", "felhasználó": "jelszo"}
DATA = "Subject: válasz\r\nMessage-ID: <a@b>\r\n\r\nelső sor\r\n".encode()


class Office(Controller):
    """A server that takes mail from whoever logs in, and knows ASCII addresses only."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        super().__init__(self, hostname="127.0.0.1", port=free_port())

    def factory(self) -> SMTP:
        return SMTP(self, auth_require_tls=False, authenticator=self.judge)

    def judge(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, shown: object) -> AuthResult:
        assert isinstance(shown, LoginPassword)
        self.user = shown.login.decode()
        return AuthResult(success=ACCOUNTS.get(self.user) == shown.password.decode(), handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append((self.user, bytes(envelope.original_content or b"")))
        return "250 OK"


@pytest.fixture
def office() -> Iterator[Office]:
    server = Office()
    server.start()
    yield server
    server.stop()


def sender(office: Office, user: str = "asp", password: str = "jelszo") -> Sender:
    return Sender(MailServer("smtp", Security.PLAIN, "127.0.0.1", office.port, user, password), timeout=5)


@pytest.mark.parametrize("user", ACCOUNTS)
def test_a_password_of_any_letters(office: Office, user: str) -> None:
    with_login = sender(office, user, ACCOUNTS[user])
    assert with_login.send("asp@k.hu", ["a@b.hu"], DATA, lambda: None).result is Result.ACCEPTED
    with_login.close()
    assert office.taken == [(user, DATA)]


@pytest.mark.parametrize(("user", "password"), [("asp", "rossz"), ("ügyelet", "rossz jelszó")])
def test_a_refused_password_is_the_servers_trouble_and_no_fault_of_the_letters(
    office: Office, user: str, password: str
) -> None:
    delivery = sender(office, user, password).send("asp@k.hu", ["a@b.hu"], DATA, lambda: pytest.fail("before DATA"))
    assert (delivery.result, delivery.server_trouble) == (Result.TEMPORARY, True)
    assert delivery.answer.startswith("535")
    assert password not in delivery.answer


def test_an_address_that_this_server_cannot_write_is_refused_for_good(office: Office) -> None:
    with_login = sender(office)
    delivery = with_login.send("asp@k.hu", ["ügyfél@b.hu"], DATA, lambda: pytest.fail("before DATA"))
    assert (delivery.result, delivery.server_trouble) == (Result.PERMANENT, False)
    assert "SMTPUTF8" in delivery.answer
    assert with_login.send("asp@k.hu", ["a@b.hu"], DATA, lambda: None).result is Result.ACCEPTED  # nor on a kept one
    again = with_login.send("asp@k.hu", ["ügyfél@b.hu"], DATA, lambda: pytest.fail("before DATA"))
    assert again.result is Result.PERMANENT
    with_login.close()


def test_a_user_is_asked_of_the_server_before_anything_is_sent(office: Office) -> None:
    assert sender(office).check_sender("asp@k.hu") == ""
    with pytest.raises(ConnectionError, match="535"):
        sender(office, "asp", "rossz").check_sender("asp@k.hu")
