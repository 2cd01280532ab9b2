"""The mailboxes of one installation: the first by the plain variables, up to eight more by numbered ones.

`ASPOKTATAS_IMAP_URL_2` adds a mailbox; its server and address for replies are in `ASPOKTATAS_SMTP_URL_2` and
`ASPOKTATAS_ADDRESS_2`, else the first's.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.oauth import with_tokens
from config.variables import PREFIX, ConfigurationError, Variables
from worker.mail.server import MailServer, parse_server

NUMBERS = range(2, 10)
PER_MAILBOX = ("IMAP_URL", "SMTP_URL", "ADDRESS")  # what each of them may have of its own


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox: where its mails come from, through which server and as whom they are answered.

    `suffix` is what its variables and marks end with: "" for the first, then "_2" to "_9". A server is None where it is
    not configured.
    """

    suffix: str
    imap: MailServer | None
    smtp: MailServer | None
    address: str

    @property
    def mailbox(self) -> str:
        """The name under which the ledger keeps its mails; "" where there is no IMAP server."""
        return self.imap.mailbox if self.imap else ""


def read_server(read: Variables, name: str, protocol: str, plain_hosts: frozenset[str]) -> MailServer | None:
    """The server that a variable names, with a source of tokens where one is configured."""

    def parse(url: str) -> MailServer:
        return parse_server(url, protocol, plain_hosts)

    return with_tokens(read.parsed(name, parse), read)


def read_addresses(read: Variables, name: str, default: str = "") -> tuple[str, ...]:
    """A mailbox's own address, then further ones, in lower case; () where nothing is given."""
    words = read.words(name, default)
    if (default and not words) or not all("@" in word for word in words):
        raise ConfigurationError(f"{PREFIX}{name}: must be one or more e-mail addresses, separated by commas")
    return tuple(word.lower() for word in words)


def read_further(
    read: Variables, first: Account, plain_hosts: frozenset[str]
) -> tuple[tuple[Account, ...], frozenset[str]]:
    """The mailboxes beside the first, and all addresses that are their own; raises ConfigurationError."""
    further: list[Account] = []
    addresses: set[str] = set()
    known = {first.mailbox.casefold(): "IMAP_URL"} if first.imap else {}
    for suffix in (f"_{number}" for number in NUMBERS):
        imap = read_server(read, f"IMAP_URL{suffix}", "imap", plain_hosts)
        smtp = read_server(read, f"SMTP_URL{suffix}", "smtp", plain_hosts)
        own = read_addresses(read, f"ADDRESS{suffix}")
        if imap is None:
            _refuse_lonely(suffix, {"SMTP_URL": bool(smtp), "ADDRESS": bool(own)})
            continue
        if first.imap is None:
            raise ConfigurationError(f"{PREFIX}IMAP_URL{suffix}: needs a first mailbox in {PREFIX}IMAP_URL")
        same = known.setdefault(imap.mailbox.casefold(), f"IMAP_URL{suffix}")
        if same != f"IMAP_URL{suffix}":
            raise ConfigurationError(f"{PREFIX}IMAP_URL{suffix}: is the same mailbox as {PREFIX}{same}")
        further.append(Account(suffix, imap, smtp or first.smtp, own[0] if own else first.address))
        addresses.update(own)
    return tuple(further), frozenset(addresses)


def check_folder(accounts: tuple[Account, ...], name: str, wrong: str) -> None:
    """Raise ConfigurationError with the line `wrong` where `name` is the watched folder of one of `accounts`."""
    if any(one.imap and one.imap.folder.casefold() == name.casefold() for one in accounts):
        raise ConfigurationError(wrong)


def _refuse_lonely(suffix: str, given: dict[str, bool]) -> None:
    for name in (name for name, is_given in given.items() if is_given):
        raise ConfigurationError(f"{PREFIX}{name}{suffix}: means nothing without {PREFIX}IMAP_URL{suffix}")
