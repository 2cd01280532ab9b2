"""What the doctor makes of a failure: one line that names the place, and what to do; a ledger of another release."""

from __future__ import annotations

import smtplib
import socket
import ssl
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder

from worker.mail.server import parse_server
from worker.services.doctor.database import examine_database
from worker.services.doctor.diagnosis import Grade, causes, explain_connection, explain_token
from worker.services.doctor.files import examine_env_file

SERVER = parse_server("imaps://asp:titok@levelek.example.hu/INBOX", "imap")
PLAIN = parse_server("imap://asp:titok@127.0.0.1/INBOX", "imap")


def certificate(reason: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, reason)
    error.verify_message = reason
    return error


def led_to(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (ssl.SSLError(1, "wrong version number"), "does not speak TLS as asked"),
        (certificate("certificate has expired"), "has expired"),
        (certificate("Hostname mismatch"), "names another host"),
        (certificate("self-signed certificate"), "is of an unknown issuer"),
        (certificate("CA key too small"), "is not accepted: ca key too small"),
        (socket.gaierror(-2, "Name or service not known"), "the name of levelek.example.hu:993 is unknown"),
        (ConnectionRefusedError(111, "refused"), "nothing listens on levelek.example.hu:993"),
        (TimeoutError(), "does not answer in time"),
        (led_to(OSError("failed"), TimeoutError()), "does not answer in time"),
        (smtplib.SMTPAuthenticationError(535, b"no"), "refuses user name or password"),
        (OSError("LOGIN failed"), "refuses user name or password"),
        (OSError("nonsense"), "answers unexpectedly (OSError)"),
    ],
)
def test_a_failed_connection_is_told_by_its_deepest_known_cause(error: Exception, found: str) -> None:
    said = explain_connection("imap", SERVER, error)
    assert (said.part, said.grade) == ("imap", Grade.FAIL)
    assert found in said.found
    assert said.advice
    assert "titok" not in said.found + said.advice


def test_a_server_without_starttls_is_told() -> None:
    error = ConnectionError("STARTTLS extension not supported by server.")
    server = parse_server("smtp+starttls://asp:titok@levelek.example.hu", "smtp")
    assert "offers no STARTTLS" in explain_connection("smtp", server, error).found


def test_nobody_is_refused_who_does_not_log_in() -> None:
    server = parse_server("smtp+starttls://levelek.example.hu", "smtp")
    said = explain_connection("smtp", server, ConnectionError("* OK Login first"))
    assert "answers unexpectedly" in said.found


def test_the_advice_fits_the_scheme() -> None:
    assert "starttls" in explain_connection("imap", SERVER, OSError("?")).advice
    assert "starttls" not in explain_connection("imap", PLAIN, OSError("?")).advice


def test_causes_that_go_round_in_a_circle_end() -> None:
    first, second = OSError("a"), OSError("b")
    first.__cause__, second.__cause__ = second, first
    assert list(causes(first)) == [first, second]


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("token: the issuer cannot be reached", "the firewall and proxy"),
        ("token: invalid_client", "the application's secret"),
        ("no such user", None),
    ],
)
def test_a_token_that_could_not_be_had(said: str, advice: str | None) -> None:
    told = explain_token("imap", said)
    assert (told is None) is (advice is None)
    if told and advice:
        assert advice in told.advice
        assert told.found == f"no access token: {said.removeprefix('token: ')}"


@pytest.mark.django_db
def test_a_ledger_of_an_older_release_and_an_empty_one() -> None:
    grades = {one.part: (one.grade, one.found) for one in examine_database()}
    assert grades["schema"] == (Grade.OK, "is current")
    applied = MigrationRecorder.Migration.objects.using("default")
    applied.filter(app="review").order_by("-pk").first().delete()  # type: ignore[union-attr]
    assert [one.grade for one in examine_database() if one.part == "schema"] == [Grade.WARN]
    applied.all().delete()
    empty = [one for one in examine_database() if one.part in ("schema", "writing")]
    assert [(one.part, one.grade) for one in empty] == [("schema", Grade.OK)]
    assert "the database is empty" in empty[0].found


@pytest.mark.parametrize(("mode", "warns"), [(0o644, True), (0o640, True), (0o600, False), (None, False)])
def test_who_may_read_the_passwords(tmp_path: Path, mode: int | None, warns: bool) -> None:
    if mode is not None:
        (tmp_path / ".env").write_text("ASPOKTATAS_IMAP_URL=x")
        (tmp_path / ".env").chmod(mode)
    assert [one.grade for one in examine_env_file(tmp_path)] == [Grade.WARN] * warns
