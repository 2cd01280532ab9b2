"""The configuration as operators give it: environment variables, `…_FILE`s and a `.env` in the working folder.

Every value is read and checked here, once; the rest of the product sees a typed Environment. The names are fixed by
docs/configuration.md.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import environ
from django.core.management.utils import get_random_secret_key
from environ.fileaware_mapping import FileAwareMapping

from worker.mail.server import MailServer, parse_server

PREFIX = "ASPOKTATAS_"
DEFAULT_ADDRESS = "aspoktatas@allamkincstar.gov.hu"
FOLDERS = {
    "REGISTRATION": "Regisztráció",
    "MISSING": "Hiánypótlás",
    "PASSWORD": "Jelszó",
    "REVIEW": "Kézi ügyintézés",
    "AUTOMATIC": "Automatikus",
    "FAILED": "Hiba",
}
ReplyMode = Literal["on", "draft", "off"]


class ConfigurationError(Exception):
    """A variable is missing or wrong; the message is one line that names it and repeats no secret."""


@dataclass(frozen=True)
class Environment:
    """All of the configuration. `imap`/`smtp` are None where unset (only the demo and dry runs work then)."""

    imap: MailServer | None
    smtp: MailServer | None
    addresses: frozenset[str]
    address: str
    database: dict[str, Any]
    broker_url: str
    replies: ReplyMode
    since: datetime | None
    replies_per_hour: int
    secret_key: str
    hosts: tuple[str, ...]
    web_port: int
    debug: bool
    folders: dict[str, str]
    privacy_url: str
    moodle_courses: dict[str, str]

    @property
    def one_process(self) -> bool:
        """Whether broker, worker and beat live in one process."""
        return self.broker_url.startswith("memory://")


def load_environment(folder: Path | None = None) -> Environment:
    """Read variables and `folder`/.env (real variables win); raises ConfigurationError."""
    folder = folder or Path.cwd()

    class Env(environ.FileAwareEnv):
        """Reads a copy, anew at each load: the library's own mapping writes .env into the process and caches it."""

        ENVIRON = FileAwareMapping(env=dict(os.environ), cache=False)

    env = Env()
    if (folder / ".env").is_file():
        env.read_env(str(folder / ".env"))
    broker_url = _text(env, "BROKER_URL", "memory://")
    if not broker_url.startswith(("memory://", "redis://", "rediss://")):
        raise ConfigurationError(f"{PREFIX}BROKER_URL: must begin with redis://, rediss:// or memory://")
    plain_hosts = frozenset(_words(_text(env, "ALLOW_PLAIN_HOSTS", "")))
    addresses = tuple(word.lower() for word in _words(_text(env, "ADDRESS", DEFAULT_ADDRESS)))
    if not addresses or not all("@" in address for address in addresses):
        raise ConfigurationError(f"{PREFIX}ADDRESS: must be one or more e-mail addresses, separated by commas")
    replies = _text(env, "REPLIES", "draft")
    if replies not in ("on", "draft", "off"):
        raise ConfigurationError(f"{PREFIX}REPLIES: must be on, draft or off")
    return Environment(
        imap=_server(env, "IMAP_URL", "imap", plain_hosts),
        smtp=_server(env, "SMTP_URL", "smtp", plain_hosts),
        addresses=frozenset(addresses),
        address=addresses[0],
        database=_database(env, folder),
        broker_url=broker_url,
        replies=cast(ReplyMode, replies),
        since=_since(_text(env, "SINCE", "")),
        replies_per_hour=_number(env, "REPLIES_PER_HOUR", 500),
        secret_key=_secret_key(env, folder, one_process=broker_url.startswith("memory://")),
        hosts=tuple(_words(_text(env, "HOSTS", "localhost,127.0.0.1,[::1]"))),
        web_port=_number(env, "WEB_PORT", 8000),
        debug=_text(env, "DEBUG", "off") == "on",
        folders={key: _text(env, f"FOLDER_{key}", name) for key, name in FOLDERS.items()},
        privacy_url=_text(env, "PRIVACY_URL", ""),
        moodle_courses=_pairs(_text(env, "MOODLE_COURSES", "")),
    )


def _text(env: environ.Env, name: str, default: str) -> str:
    try:
        return str(env.str(PREFIX + name, default=default)).strip()
    except OSError:
        raise ConfigurationError(f"{PREFIX}{name}_FILE: the file it names cannot be read") from None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _pairs(text: str) -> dict[str, str]:
    pairs = dict(part.partition("=")[::2] for part in _words(text))
    if any(not key or not value for key, value in pairs.items()):
        raise ConfigurationError(f"{PREFIX}MOODLE_COURSES: must be pairs like PM-2777-2105-BS=ADO, comma separated")
    return pairs


def _number(env: environ.Env, name: str, default: int) -> int:
    text = _text(env, name, str(default))
    if not text.isdigit():
        raise ConfigurationError(f"{PREFIX}{name}: must be a whole number, 0 or more")
    return int(text)


def _server(env: environ.Env, name: str, protocol: str, plain_hosts: frozenset[str]) -> MailServer | None:
    url = _text(env, name, "")
    if not url:
        return None
    try:
        return parse_server(url, protocol, plain_hosts)
    except ValueError as error:
        raise ConfigurationError(f"{PREFIX}{name}: {error}") from None


def _since(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{PREFIX}SINCE: must be a date like 2026-11-01 or 2026-11-01T08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/Budapest"))


def _database(env: environ.Env, folder: Path) -> dict[str, Any]:
    url = _text(env, "DATABASE_URL", "") or f"sqlite:///{folder / 'aspoktatas.sqlite3'}"
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ConfigurationError(f"{PREFIX}DATABASE_URL: must begin with sqlite:/// or postgres://")
    config = cast("dict[str, Any]", env.db_url_config(url))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",  # writers queue up instead of failing half-way with SQLITE_BUSY
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    else:
        config["CONN_MAX_AGE"] = 300
        config["CONN_HEALTH_CHECKS"] = True
    return config


def _secret_key(env: environ.Env, folder: Path, *, one_process: bool) -> str:
    """The given key; in one process, a key made at the first start and kept in `folder`."""
    given = _text(env, "SECRET_KEY", "")
    if given:
        return given
    kept = folder / ".aspoktatas-secret-key"
    if kept.is_file():
        return kept.read_text("ascii").strip()
    if not one_process:
        raise ConfigurationError(f"{PREFIX}SECRET_KEY: is required where more than one process runs")
    key = get_random_secret_key()
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
