"""One SMTP connection, kept between mails, and the send protocol: the outcome of every attempt has a name.

connect, EHLO, TLS, AUTH, MAIL, RCPT   a failure here is safe: the mail did not go out
before_data()                          the caller commits that from now on it may have gone out
DATA, the bytes, the final dot         an answer is definite; silence or a cut after the dot is UNKNOWN
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from worker.mail.errors import MailError
from worker.mail.outcome import Delivery, Result, in_trouble, words
from worker.mail.server import MailServer, Security
from worker.mail.smtp_data import transfer
from worker.mail.smtp_replies import PlainSmtp, TlsSmtp

TIMEOUT_S = 30.0
DOT_TIMEOUT_S = 60.0  # content filters take their time between the final dot and the 250
KEPT_FOR_S = 20.0  # after this much silence a kept connection is tried with NOOP first


class _Refused(Exception):  # noqa: N818  # never leaves this module
    """A definite answer before the mail went out."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.answer)
        self.delivery = delivery


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """A mail with its envelope; `notify` as in `Sender.send`."""

    sender: str
    recipients: Sequence[str]
    data: bytes
    notify: str


class Sender:
    """Sends mails over one kept connection. Not for several threads at once."""

    def __init__(
        self,
        server: MailServer,
        *,
        hello: str = "localhost",
        context: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT_S,
        dot_timeout: float = DOT_TIMEOUT_S,
    ) -> None:
        """Nothing connects yet; `hello` is our name in EHLO."""
        self.server = server
        self._hello = hello
        self._context = context
        self._timeout = timeout
        self._dot_timeout = dot_timeout
        self._smtp: smtplib.SMTP | None = None
        self._used_at = 0.0

    def send(
        self,
        envelope_from: str,
        recipients: Sequence[str],
        data: bytes,
        before_data: Callable[[], None],
        *,
        notify: str = "NEVER",
    ) -> Delivery:
        """Try once to send `data`; never raises for what the server does, only what `before_data` raises.

        `notify` is what servers with DSN shall report: NEVER, or FAILURE (docs/reliability.md, Bounces of our letters).
        What the server refuses at once is told in any case.
        """
        try:
            smtp, refused = self._introduce(_Outgoing(envelope_from, recipients, data, notify))
        except _Refused as error:
            return error.delivery
        try:
            before_data()
        except BaseException:
            self.close()
            raise
        delivery = self._transfer(smtp, data)
        return Delivery(delivery.result, delivery.answer, refused)

    def close(self) -> None:
        """End the connection; never raises."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(Exception):
                smtp.close()

    def check_sender(self, address: str) -> str:
        """Connect, log in and ask whether mail of `address` is taken: "" or the refusing answer. Nothing is sent.

        Raises ConnectionError with the server's words where it does not come so far.
        """
        try:
            self._connect()
            assert self._smtp is not None
            code, said = self._smtp.mail(address)
        except _Refused as error:
            raise ConnectionError(error.delivery.answer) from None
        except (OSError, smtplib.SMTPException) as error:
            raise ConnectionError(words(str(error))) from error
        finally:
            self.close()
        return "" if 200 <= code < 300 else f"{code} {words(said)}"

    def _introduce(self, mail: _Outgoing) -> tuple[smtplib.SMTP, tuple[str, ...]]:
        """Everything before DATA; a kept connection that turns out to be dead is replaced once."""
        kept = self._smtp
        if kept is not None and self._alive(kept):
            try:
                return kept, self._envelope(kept, mail)
            except _Refused as error:
                if not error.delivery.server_trouble:
                    raise
        self._connect()
        assert self._smtp is not None
        return self._smtp, self._envelope(self._smtp, mail)

    def _alive(self, smtp: smtplib.SMTP) -> bool:
        idle, self._used_at = time.monotonic() - self._used_at, time.monotonic()
        if idle < KEPT_FOR_S:
            return True
        try:
            return bool(smtp.noop()[0] == 250)
        except (OSError, smtplib.SMTPException):
            return False

    def _connect(self) -> None:
        self.close()
        host, port, context = self.server.host, self.server.port, self._context or ssl.create_default_context()
        try:
            if self.server.security is Security.TLS:
                smtp: smtplib.SMTP = TlsSmtp(
                    host, port, local_hostname=self._hello, timeout=self._timeout, context=context
                )
            else:
                smtp = PlainSmtp(host, port, local_hostname=self._hello, timeout=self._timeout)
            self._smtp = smtp
            if smtp.sock is not None:
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            smtp.ehlo_or_helo_if_needed()
            if self.server.security is Security.STARTTLS:
                smtp.starttls(context=context)
                smtp.ehlo_or_helo_if_needed()
            self._log_in(smtp)
            self._used_at = time.monotonic()
        except MailError as error:  # no token, no login
            self.close()
            raise _Refused(in_trouble(str(error))) from None
        except smtplib.SMTPResponseException as error:
            self.close()
            raise _Refused(in_trouble(f"{error.smtp_code} {words(error.smtp_error)}")) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.close()
            raise _Refused(in_trouble(words(str(error)) or type(error).__name__)) from None

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        user, password = self.server.user, self.server.password
        if not user:
            return
        if self.server.tokens:
            self._show_token(smtp, user, self.server.tokens.get())
            return
        if user.isascii() and password.isascii():
            smtp.login(user, password)
            return
        secret = b64encode(f"\0{user}\0{password}".encode()).decode("ascii")  # smtplib's login knows ASCII only
        code, answer = smtp.docmd("AUTH", f"PLAIN {secret}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, answer)

    def _show_token(self, smtp: smtplib.SMTP, user: str, token: str) -> None:
        """XOAUTH2; a refusing server sends a challenge with its reason first, answered by an empty line."""
        said = f"user={user}\1auth=Bearer {token}\1\1"
        smtp.auth("XOAUTH2", lambda challenge=None: "" if challenge else said)

    def _envelope(self, smtp: smtplib.SMTP, mail: _Outgoing) -> tuple[str, ...]:
        """MAIL and RCPTs; returns the recipients refused for good. Raises _Refused where nobody is left."""
        options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") and not mail.data.isascii() else []
        if not all(address.isascii() for address in (mail.sender, *mail.recipients)):
            if not smtp.has_extn("smtputf8"):
                raise _Refused(Delivery(Result.PERMANENT, "the server takes no international addresses (SMTPUTF8)"))
            options.append("SMTPUTF8")
            smtp.command_encoding = "utf-8"
        try:
            self._expect(smtp, smtp.mail(mail.sender, options))
            refused, answer = [], ""
            notify = [f"NOTIFY={mail.notify}"] if smtp.has_extn("dsn") else []
            for recipient in mail.recipients:
                code, said = smtp.rcpt(recipient, notify)
                if 500 <= code < 600:
                    refused.append(recipient)
                    answer = f"{code} {words(said)}"
                else:
                    self._expect(smtp, (code, said))
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise _Refused(in_trouble(words(str(error)))) from None
        finally:
            smtp.command_encoding = "ascii"
        if len(refused) == len(mail.recipients):
            self._reset(smtp)
            raise _Refused(Delivery(Result.PERMANENT, answer))
        return tuple(refused)

    def _expect(self, smtp: smtplib.SMTP, reply: tuple[int, bytes]) -> None:
        """Raise _Refused unless the reply is a 2xx; a 421 or nonsense costs the connection."""
        code, said = reply
        if 200 <= code < 300:
            return
        answer = f"{code} {words(said)}"
        if code == 421 or not 400 <= code < 600:
            self.close()
            raise _Refused(in_trouble(answer))
        self._reset(smtp)
        raise _Refused(Delivery(Result.PERMANENT if code >= 500 else Result.TEMPORARY, answer))

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _transfer(self, smtp: smtplib.SMTP, data: bytes) -> Delivery:
        """DATA to the final dot; the connection is kept where the server ended the exchange in good order."""
        delivery, usable = transfer(smtp, data, self._dot_timeout)
        if not usable:
            self.close()
        elif delivery.result is not Result.ACCEPTED:
            self._reset(smtp)
        return delivery


__all__ = ["Delivery", "Result", "Sender"]
