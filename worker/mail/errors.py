"""What can go wrong with a mail server, said as what the caller must do.

    MailError
     ├── Transient          try again later; `wait` is the number of seconds the server asked for, if it did
     │    ├── Disconnected  the connection is gone or cannot be trusted any more: open a new one
     │    ├── Throttled     the server asks for patience
     │    └── LoginRefused  user, password or rights: wait long, tell somebody
     └── Permanent          trying again changes nothing
          └── Unsupported   the server cannot do it

Exceptions of imap-tools, imaplib, smtplib, ssl and socket never leave this package. Messages hold the server's own
words (cut), never a mail's content, an address or a password.
"""

from __future__ import annotations


class MailError(Exception):
    """Anything a mail server refuses or fails to do."""


class Transient(MailError):  # noqa: N818  # the word says what to do, as in docs
    """Trying again later may help, after at least `wait` seconds where the server named a time."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Disconnected(Transient):
    """The connection broke, timed out or spoke nonsense."""


class Throttled(Transient):
    """The server asks for patience: `wait` says how long."""


class LoginRefused(Transient):
    """The server does not let this user in."""


class Permanent(MailError):  # noqa: N818
    """Trying again changes nothing."""


class Unsupported(Permanent):
    """The server lacks what this needs; the message names the capability."""
