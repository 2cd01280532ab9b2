"""The configuration as operators give it, read and checked once; the rest of the product sees a typed Environment.

The names are fixed by docs/configuration.md; tests hold that page to this file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from config.accounts import Account, check_folder, read_addresses, read_further, read_server
from config.logs import read_style
from config.moodle import MoodleSettings, read_moodle
from config.people import People, read_people
from config.privacy import Retention, read_retention
from config.stores import IN_ONE_PROCESS, read_broker, read_database, read_secret_key
from config.telemetry import Telemetry, read_telemetry
from config.variables import PREFIX, ConfigurationError, Variables
from worker.mail.server import MailServer, parse_server

__all__ = ["ConfigurationError", "Environment", "load_environment"]
DEFAULT_ADDRESS = "aspoktatas@allamkincstar.gov.hu"
FOLDERS = {
    "REGISTRATION": "Regisztráció",
    "MISSING": "Hiánypótlás",
    "PASSWORD": "Jelszó",
    "REVIEW": "Kézi ügyintézés",
    "AUTOMATIC": "Automatikus",
    "FAILED": "Hiba",
}
NOTICES = ("registered", "account_exists", "rejected", "reminder", "closed")
ReplyMode = Literal["on", "draft", "off"]


@dataclass(frozen=True)
class Environment:
    """All of the configuration. `imap`/`smtp` are None where unset (only the demo and dry runs work then).

    `sent_folder` is a folder's name, "auto" or "" (no copies); `remind_after` and `close_after` are working days, 0 for
    never. `unknown` names variables with our prefix that mean nothing. `authenticators` as in `rules.model.Context`.

    `imap`, `smtp` and `address` are those of the first mailbox, `further` are the others; `addresses` are everybody's.
    """

    imap: MailServer | None
    smtp: MailServer | None
    addresses: frozenset[str]
    address: str
    database: dict[str, Any]
    broker_url: str
    replies: ReplyMode
    since: datetime | None
    replies_per_hour: int
    judges: int
    secret_key: str
    hosts: tuple[str, ...]
    web_port: int
    debug: bool
    folders: dict[str, str]
    privacy_url: str
    retention: Retention
    templates: Path | None
    sent_folder: str
    notices: frozenset[str]
    remind_after: int
    close_after: int
    metrics_token: str
    alarm_to: tuple[str, ...]
    alarm_smtp: MailServer | None
    moodle: MoodleSettings
    unknown: tuple[str, ...]
    people: People
    log: str
    telemetry: Telemetry
    further: tuple[Account, ...] = ()
    authenticators: frozenset[str] | None = None

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Every mailbox, the first first."""
        return (Account("", self.imap, self.smtp, self.address), *self.further)

    def account_of(self, mailbox: str) -> Account:
        """Whose mails the ledger keeps as `mailbox`; mails of one that is watched no more are the first's."""
        return next((one for one in self.further if one.mailbox == mailbox), self.accounts[0])

    @property
    def one_process(self) -> bool:
        """Whether broker, worker and beat live in one process."""
        return self.broker_url.startswith(IN_ONE_PROCESS)


def load_environment(folder: Path | None = None) -> Environment:
    """Read the variables and `folder`/.env; raises ConfigurationError."""
    folder = folder or Path.cwd()
    read = Variables(folder)
    plain_hosts = frozenset(read.words("ALLOW_PLAIN_HOSTS"))
    broker_url = read_broker(read)
    addresses = read_addresses(read, "ADDRESS", DEFAULT_ADDRESS)
    hosts = read.words("HOSTS", "localhost,127.0.0.1,[::1]")
    if not hosts or any("/" in host for host in hosts):
        raise ConfigurationError(f"{PREFIX}HOSTS: must be names of hosts (no https://), separated by commas")
    imap, smtp = (read_server(read, f"{name.upper()}_URL", name, plain_hosts) for name in ("imap", "smtp"))
    first = Account("", imap, smtp, addresses[0])
    further, more_addresses = read_further(read, first, plain_hosts)
    accounts = (first, *further)
    remind_after, close_after = read.number("REMIND_AFTER", 5, 250), read.number("CLOSE_AFTER", 20, 250)
    if remind_after and 0 < close_after <= remind_after:
        raise ConfigurationError(f"{PREFIX}CLOSE_AFTER: must be more than {PREFIX}REMIND_AFTER, or 0 for never")
    return Environment(
        imap=imap,
        smtp=smtp,
        addresses=more_addresses.union(addresses),
        address=addresses[0],
        database=read_database(read, folder),
        broker_url=broker_url,
        replies=cast(ReplyMode, read.choice("REPLIES", "draft", ("on", "draft", "off"))),
        since=read.parsed("SINCE", _moment),
        replies_per_hour=read.number("REPLIES_PER_HOUR", 500, 1_000_000),
        judges=read.number("JUDGES", min(2, (os.cpu_count() or 1) - 1), 16),
        secret_key=read_secret_key(read, folder, one_process=broker_url.startswith(IN_ONE_PROCESS)),
        hosts=hosts,
        web_port=read.number("WEB_PORT", 8000, 65535),
        debug=read.choice("DEBUG", "off", ("on", "off")) == "on",
        folders=_folders(read, accounts),
        privacy_url=read.parsed("PRIVACY_URL", _web_address) or "",
        retention=read_retention(read),
        templates=read.parsed("TEMPLATES", _templates),
        sent_folder=_sent_folder(read.text("SENT_FOLDER", "auto"), accounts),
        notices=_notices(read.words("NOTICES", ",".join(NOTICES))),
        remind_after=remind_after,
        close_after=close_after,
        metrics_token=read.text("METRICS_TOKEN"),
        alarm_to=_alarm_to(read.words("ALARM_TO")),
        alarm_smtp=read.parsed("ALARM_SMTP_URL", lambda url: parse_server(url, "smtp", plain_hosts)),
        moodle=read_moodle(read),
        people=read_people(read),
        log=read_style(read),
        telemetry=read_telemetry(read),
        unknown=read.unknown,
        further=further,
        authenticators=_authenticators(read.words("AUTHENTICATION_SERVERS", "any")),
    )


def _authenticators(words: tuple[str, ...]) -> frozenset[str] | None:
    special = {"any", "none"} & set(words)
    if not words or (special and len(words) > 1) or any("=" in word or ";" in word for word in words):
        raise ConfigurationError(f"{PREFIX}AUTHENTICATION_SERVERS: must be names of servers, or any, or none")
    if special:
        return None if "any" in special else frozenset()
    return frozenset("" if word == "unnamed" else word.lower() for word in words)


def _alarm_to(words: tuple[str, ...]) -> tuple[str, ...]:
    if not all("@" in word for word in words):
        raise ConfigurationError(f"{PREFIX}ALARM_TO: must be e-mail addresses, separated by commas")
    return words


def _web_address(text: str) -> str:
    if urlsplit(text).scheme not in ("https", "http") or not urlsplit(text).hostname:
        raise ValueError("must be an address that begins with https://")
    return text


def _templates(text: str) -> Path:
    """The folder, every letter tried with its files."""
    from config.catalogue import load_catalogue  # noqa: PLC0415  # both are slow to load, and few have own letters
    from worker.replies.overrides import check_overrides  # noqa: PLC0415

    folder = Path(text).expanduser().resolve()
    check_overrides(folder, load_catalogue())
    return folder


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a date like 2026-11-01 or 2026-11-01T08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/Budapest"))


def _folders(read: Variables, accounts: tuple[Account, ...]) -> dict[str, str]:
    folders = {key: read.text(f"FOLDER_{key}", name) for key, name in FOLDERS.items()}
    for key, name in folders.items():
        wrong = f"{PREFIX}FOLDER_{key}: must name a folder other than the watched one"
        if not name:
            raise ConfigurationError(wrong)
        check_folder(accounts, name, wrong)
    return folders


def _sent_folder(name: str, accounts: tuple[Account, ...]) -> str:
    if name.casefold() in ("", "off", "auto"):
        return "auto" if name.casefold() == "auto" else ""
    # every copy would come in again as a mail
    check_folder(accounts, name, f"{PREFIX}SENT_FOLDER: must not be the watched folder")
    return name


def _notices(words: tuple[str, ...]) -> frozenset[str]:
    unknown = set(words) - {*NOTICES, "none"}
    if unknown:
        raise ConfigurationError(f"{PREFIX}NOTICES: may name {', '.join(NOTICES)}, or be none")
    return frozenset(words) - {"none"}
