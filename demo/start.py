"""Before Django reads its settings: the demo's servers, folder and configuration."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

from demo.mailbox import PASSWORD, USER
from demo.servers import MailServers

PREFIX = "ASPOKTATAS_"
HEEDED = f"{PREFIX}WEB_PORT"
REPLIES_FOLDER = "valaszok"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the demo plays on: a folder of its own and the two embedded servers."""

    folder: Path
    servers: MailServers

    def clear(self) -> None:
        """Stop the servers and remove the folder; again does no harm."""
        self.servers.stop()
        os.chdir(self.folder.parent)
        shutil.rmtree(self.folder, ignore_errors=True)


_stage: list[Stage] = []  # one a process: the settings that name its servers are read once


def prepare_environment() -> None:
    """Start the servers and point every ASPOKTATAS_ variable at them.

    No `.env` and no real variable is heeded, but for the page's port.
    """
    folder = Path(tempfile.mkdtemp(prefix="aspoktatas-demo-"))
    replies = folder / REPLIES_FOLDER
    replies.mkdir()
    servers = MailServers(replies)
    servers.start()
    for name in [name for name in os.environ if name.startswith(PREFIX) and name != HEEDED]:
        del os.environ[name]
    os.chdir(folder)  # a .env of the working folder belongs to the real mailbox
    os.environ.update(
        {
            f"{PREFIX}IMAP_URL": f"imap://{USER}:{PASSWORD}@127.0.0.1:{servers.imap_port}/INBOX",
            f"{PREFIX}SMTP_URL": f"smtp://127.0.0.1:{servers.smtp_port}",
            f"{PREFIX}DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
            f"{PREFIX}BROKER_URL": "memory://",
            f"{PREFIX}REPLIES": "on",
            f"{PREFIX}SINCE": "2020-01-01",
            f"{PREFIX}SECRET_KEY": token_urlsafe(40),
            f"{PREFIX}TOTP": "off",
        }
    )
    _stage.append(Stage(folder, servers))
    atexit.register(_stage[-1].clear)


def get_stage() -> Stage:
    """The stage that `prepare_environment` set; raises RuntimeError where it was not called."""
    if not _stage:
        raise RuntimeError("start the demo with `aspoktatas demo`")
    return _stage[-1]
