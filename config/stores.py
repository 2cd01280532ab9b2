"""What the product keeps its things in, as operators configure it: the database, the broker, the key of its secrets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import environ
from django.core.management.utils import get_random_secret_key

from config.variables import PREFIX, ConfigurationError, Variables

SHORTEST_KEY = 20  # characters
KEPT_FOR_S = 300  # a connection to the database; each new one costs both sides more than a mail's statements
# A kept connection whose other end has vanished without a word (a dead host, a firewall that forgets) else hangs for a
# quarter of an hour. libpq's words; what the URL says goes before.
GIVEN_UP: Mapping[str, int] = {
    "connect_timeout": 10,  # s
    "keepalives_idle": 30,  # s
    "keepalives_interval": 5,  # s
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # ms
}
IN_ONE_PROCESS = "memory://"  # a broker without a server


def read_database(read: Variables, folder: Path) -> dict[str, Any]:
    """Django's settings of it; raises ConfigurationError."""
    url = read.parsed("DATABASE_URL", _database_url) or f"sqlite:///{folder / 'aspoktatas.sqlite3'}"
    config = cast("dict[str, Any]", environ.Env.db_url_config(url))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",  # writers queue up instead of failing half-way with SQLITE_BUSY
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    else:
        config["CONN_HEALTH_CHECKS"] = True
        config["OPTIONS"] = {**GIVEN_UP, **config.get("OPTIONS", {})}
    config["CONN_MAX_AGE"] = KEPT_FOR_S
    return config


def read_broker(read: Variables) -> str:
    """Its URL; raises ConfigurationError."""
    return read.parsed("BROKER_URL", _broker_url) or IN_ONE_PROCESS


def read_secret_key(read: Variables, folder: Path, *, one_process: bool) -> str:
    """The given key; in one process, a key made at the first start and kept in `folder`. Raises ConfigurationError."""
    given = read.text("SECRET_KEY")
    if given:
        if len(given) < SHORTEST_KEY:
            raise ConfigurationError(f"{PREFIX}SECRET_KEY: must have at least {SHORTEST_KEY} characters")
        return given
    kept = folder / ".aspoktatas-secret-key"
    if kept.is_file():
        return _kept_key(kept)
    if not one_process:
        wanted = "put 50 random characters there, the same for all"
        raise ConfigurationError(f"{PREFIX}SECRET_KEY: is required where more than one process runs; {wanted}")
    key = get_random_secret_key()
    try:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process made it in this moment
        return _kept_key(kept)
    except OSError:
        raise ConfigurationError(f"{PREFIX}SECRET_KEY: is not set, and the working folder cannot keep one") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key


def _kept_key(file: Path) -> str:
    try:
        key = file.read_text("ascii").strip()
    except OSError:
        raise ConfigurationError(f"{file}: cannot be read by this user; chown it to the program's own") from None
    if len(key) < SHORTEST_KEY:
        raise ConfigurationError(f"{file}: holds no key; delete it, and a new one is made (all log in anew)")
    return key


def _broker_url(text: str) -> str:
    if not text.startswith(("memory://", "redis://", "rediss://")):
        raise ValueError("must begin with redis://, rediss:// or memory://")
    return text


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ValueError("must begin with sqlite:/// or postgres://")
    return text
