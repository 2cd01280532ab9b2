"""A mail server as one URL names it. Pure: nothing connects here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from worker.mail.tokens import TokenSource


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


SCHEMES: dict[str, tuple[str, Security, int]] = {
    "imaps": ("imap", Security.TLS, 993),
    "imap+starttls": ("imap", Security.STARTTLS, 143),
    "imap": ("imap", Security.PLAIN, 143),
    "smtps": ("smtp", Security.TLS, 465),
    "smtp+starttls": ("smtp", Security.STARTTLS, 587),
    "smtp": ("smtp", Security.PLAIN, 25),
}
STORING_HOSTS = frozenset({"smtp.office365.com", "outlook.office365.com", "smtp-mail.outlook.com", "smtp.gmail.com"})


def is_loopback(host: str) -> bool:
    """Whether `host` names this very machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and how to log in: with `password`, or by XOAUTH2 with what `tokens` gives.

    `folder` is the watched IMAP folder ("" for SMTP).
    """

    protocol: str
    security: Security
    host: str
    port: int
    user: str = ""
    password: str = ""
    folder: str = ""
    tokens: TokenSource | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        """Without user and password: this may reach a log."""
        return f"{self.protocol}({self.security}) {self.host}:{self.port}"

    @property
    def stores_sent(self) -> bool:
        """Whether it is a service that puts what it takes over SMTP into the Sent folder by itself."""
        return self.host.lower() in STORING_HOSTS

    @property
    def mailbox(self) -> str:
        """The name under which the ledger keeps this account's mails: user@host unless the user is an address."""
        return self.user if "@" in self.user else f"{self.user}@{self.host}"


def parse_server(url: str, protocol: str, plain_hosts: frozenset[str] = frozenset()) -> MailServer:
    """Read `imaps://user:password@host:port/Folder` and its like; user, password and folder percent-encoded.

    Raises ValueError with a sentence that never repeats the URL (it holds a password). Plain connections are
    refused except to loopback and to hosts in `plain_hosts`.
    """
    parts = urlsplit(url)
    known = SCHEMES.get(parts.scheme)
    if known is None or known[0] != protocol:
        allowed = ", ".join(f"{name}://" for name, row in SCHEMES.items() if row[0] == protocol)
        raise ValueError(f"must begin with one of {allowed}")
    if not parts.hostname:
        raise ValueError("names no host")
    try:
        port = parts.port or known[2]
    except ValueError:
        raise ValueError(
            "its port is no number from 1 to 65535 (or a / or : of user or password is not percent-encoded)"
        ) from None
    if known[1] is Security.PLAIN and not is_loopback(parts.hostname) and parts.hostname not in plain_hosts:
        raise ValueError("is unencrypted; use TLS, or name the host in ASPOKTATAS_ALLOW_PLAIN_HOSTS")
    folder = unquote(parts.path.lstrip("/")) or ("INBOX" if protocol == "imap" else "")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(protocol, known[1], parts.hostname, port, user, password, folder)
