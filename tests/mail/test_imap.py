"""The IMAP adapter against a real Dovecot."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.dovecot import PASSWORD, Dovecot, run_dovecot, short_folder
from tests.servers.standin import make_mail
from worker.mail.answers import format_uid_set
from worker.mail.errors import Disconnected, LoginRefused, Unsupported
from worker.mail.imap import Mailbox
from worker.mail.server import MailServer, Security, parse_server


@pytest.fixture
def server(dovecot: Dovecot, mailbox_user: str) -> MailServer:
    return parse_server(dovecot.url(mailbox_user), "imap")


@pytest.fixture
def colleague(dovecot: Dovecot, mailbox_user: str) -> Iterator[imaplib.IMAP4]:
    """Another client of the same mailbox, INBOX selected, with four mails appended."""
    client = dovecot.client(mailbox_user)
    for number in range(1, 5):
        client.append("INBOX", "", "", make_mail("valami", number))
    client.select("INBOX")
    yield client
    client.logout()


@pytest.fixture
def mailbox(server: MailServer, colleague: imaplib.IMAP4) -> Iterator[Mailbox]:
    with Mailbox(server) as mailbox:
        mailbox.select("INBOX")
        yield mailbox


def flags(client: imaplib.IMAP4, folder: str = "INBOX") -> list[bytes]:
    client.select(folder)
    _, data = client.uid("FETCH", "1:*", "(FLAGS)")
    return [row for row in data if isinstance(row, bytes)]


def test_fetch_gives_raw_bytes_and_sets_no_flag(mailbox: Mailbox, colleague: imaplib.IMAP4) -> None:
    [batch] = mailbox.fetch([1, 3])
    assert [mail.uid for mail in batch.mails] == [1, 3]
    assert batch.mails[0].raw == make_mail("valami", 1)
    assert batch.mails[0].size == len(batch.mails[0].raw)
    assert batch.mails[0].received_at is not None
    assert not any(b"\\Seen" in row for row in flags(colleague))


def test_fetch_tells_who_vanished(mailbox: Mailbox, colleague: imaplib.IMAP4) -> None:
    colleague.store("2", "+FLAGS", r"(\Deleted)")
    colleague.expunge()
    [batch] = mailbox.fetch([1, 2, 3, 99])
    assert [mail.uid for mail in batch.mails] == [1, 3]
    assert batch.vanished == {2, 99}
    assert not batch.broken


def test_oversize_mails_give_their_headers(mailbox: Mailbox, colleague: imaplib.IMAP4) -> None:
    colleague.append("INBOX", "", "", make_mail("nagy", 9) + b"x" * 5000)
    [[mail]] = [batch.mails for batch in mailbox.fetch([5], oversize=4000)]
    assert not mail.whole
    assert mail.size > 5000
    assert mail.raw.endswith(b"\r\n\r\n")
    assert b"Subject: nagy" in mail.raw


def test_search_above_ignores_the_last_mail_below(mailbox: Mailbox) -> None:
    assert mailbox.search_above(4) == []
    assert mailbox.search_above(2) == [3, 4]
    assert mailbox.search() == [1, 2, 3, 4]


def test_move_never_expunges_what_a_colleague_marked(mailbox: Mailbox, colleague: imaplib.IMAP4) -> None:
    colleague.store("1", "+FLAGS", r"(\Deleted)")
    moved = mailbox.move([2, 3, 77], "Kézi ügyintézés")
    assert moved.moved == {2, 3}
    assert moved.vanished == {77}
    assert not moved.left
    assert mailbox.search() == [1, 4]
    assert any(b"\\Deleted" in row for row in flags(colleague))
    mailbox.move([1], "Kézi ügyintézés")
    assert any(b"\\Deleted" in row for row in flags(colleague, '"K&AOk-zi &APw-gyint&AOk-z&AOk-s"'))


def test_without_move_nothing_happens(mailbox: Mailbox) -> None:
    mailbox.capabilities -= {"MOVE"}
    with pytest.raises(Unsupported):
        mailbox.move([1], "Máshová")
    assert mailbox.search() == [1, 2, 3, 4]


def test_check_tells_what_a_colleague_removed(mailbox: Mailbox, colleague: imaplib.IMAP4) -> None:
    colleague.store("2", "+FLAGS", r"(\Deleted)")
    colleague.expunge()
    mailbox.check()
    assert 2 not in mailbox.search()
    mailbox.capabilities = frozenset({"IMAP4REV2"})
    mailbox.check()  # there it is gone, and NOOP does


def test_the_server_remembers_what_no_line_holds(mailbox: Mailbox) -> None:
    apart = frozenset(range(1_000_001, 1_010_001, 2))  # 40 KB of UIDs
    assert "SEARCHRES" in mailbox.capabilities
    moved = mailbox.move({2, 4, *apart}, "Regisztráció")
    assert moved.moved == {2, 4}
    assert moved.vanished == apart
    assert mailbox.search() == [1, 3]
    mailbox.move({2, 4, *apart}, "Regisztráció")
    assert mailbox.search() == [1, 3], "of nothing, nothing"


def test_a_move_fits_into_a_command_line(mailbox: Mailbox) -> None:
    mailbox.moves_at_once = 2000
    assert mailbox.count_to_move(range(1, 5000)) == 2000, "one range"
    apart = range(1_000_000_001, 1_000_010_001, 2)
    assert mailbox.count_to_move(apart) == 2000, "the server remembers them"
    mailbox.capabilities -= {"SEARCHRES"}
    number = mailbox.count_to_move(apart)
    assert 600 < number < 700
    assert len(format_uid_set(apart[:number])) < 8000
    assert mailbox.count_to_move([7]) > 0


def test_what_others_do_with_known_mails_ends_no_idle(mailbox: Mailbox, colleague: imaplib.IMAP4) -> None:
    with mailbox.idle() as idle:
        colleague.store("2", "+FLAGS", r"(\Flagged)")
        assert not idle.wait(10), "a mark"
        colleague.store("3", "+FLAGS", r"(\Deleted)")
        assert not idle.wait(10), "another mark"
        colleague.expunge()
        assert not idle.wait(10), "a mail is gone"
        colleague.append("INBOX", "", "", make_mail("új", 5))
        assert any(idle.wait(10) for _ in range(3)), "whatever else is said before"


def test_idle_hears_of_new_mail_even_if_it_came_at_once(mailbox: Mailbox, colleague: imaplib.IMAP4) -> None:
    with mailbox.idle() as idle:
        assert not idle.wait(0.01)
        colleague.append("INBOX", "", "", make_mail("új", 5))
        assert idle.wait(10)
    mailbox.noop()
    assert mailbox.search_above(4) == [5]


def test_a_wrong_password_is_told_without_repeating_it(server: MailServer) -> None:
    wrong = MailServer("imap", Security.PLAIN, server.host, server.port, server.user, "rossz jelszó")
    with pytest.raises(LoginRefused) as caught:
        Mailbox(wrong)
    assert "rossz" not in str(caught.value)


def test_accents_in_user_and_password(dovecot: Dovecot) -> None:
    with Mailbox(parse_server(dovecot.url("ügyfélszolgálat"), "imap")) as mailbox:
        assert mailbox.select("INBOX").uidvalidity > 0


def test_a_closed_port_is_transient() -> None:
    with pytest.raises(Disconnected):
        Mailbox(parse_server("imap://a:b@127.0.0.1:1", "imap"))


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_tls_is_verified(dovecot: Dovecot, mailbox_user: str, security: Security) -> None:
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
    server = MailServer("imap", security, "localhost", port, mailbox_user, PASSWORD, "INBOX")
    with pytest.raises(Disconnected, match="CERTIFICATE_VERIFY_FAILED"):
        Mailbox(server)
    trusting = ssl.create_default_context(cafile=str(dovecot.home / "cert.pem"))
    with Mailbox(server, trusting) as mailbox:
        mailbox.select("INBOX")
        with mailbox.idle() as idle:
            client = dovecot.client(mailbox_user)
            client.append("INBOX", "", "", make_mail("titkos", 1))
            assert idle.wait(10)
            client.logout()
        assert sum(len(batch.mails) for batch in mailbox.fetch(mailbox.search())) == 1


@pytest.mark.parametrize(("separator", "prefix"), [(".", "INBOX."), ("/", ""), (".", "")])
def test_folders_follow_the_servers_hierarchy(separator: str, prefix: str) -> None:
    with short_folder() as home, run_dovecot(Path(home), separator=separator, prefix=prefix) as dovecot:
        client = dovecot.client()
        client.append("INBOX", "", "", make_mail("a", 1))
        client.append("INBOX", "", "", make_mail("b", 2))
        with Mailbox(parse_server(dovecot.url(), "imap")) as mailbox:
            mailbox.select("INBOX")
            assert mailbox.move([1], "ASP/Kézi ügyintézés").moved == {1}
            assert mailbox.move([2], "Jelszó").moved == {2}
        _, listed = client.list()
        names = b" ".join(row for row in listed if isinstance(row, bytes)).decode()
        assert f'"{prefix}ASP{separator}K&AOk-zi &APw-gyint&AOk-z&AOk-s"' in names
        assert f"{prefix}Jelsz&APM-" in names
        client.logout()
