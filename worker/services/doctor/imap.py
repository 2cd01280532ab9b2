"""IMAP: name, connection, login, folder, and what the server can do. Opens the folder read-only, changes nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from worker.mail.errors import LoginRefused, MailError
from worker.mail.imap import Mailbox
from worker.mail.server import MailServer
from worker.services.doctor.diagnosis import Diagnosis, Grade, explain_connection, explain_token

WANTED = (
    ("IDLE", "new mails are found by asking every few seconds, not at once"),
    ("MOVE", "processed mails stay in the watched folder; the ledger knows them all the same"),
    ("UIDPLUS", "where a moved mail went is known only by its Message-ID"),
)


def examine_name(part: str, server: MailServer) -> Iterator[Diagnosis]:
    """Whether the host's name is known to DNS."""
    try:
        socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except OSError as error:
        yield explain_connection(part, server, error)


def examine_imap(server: MailServer | None, suffix: str = "") -> Iterator[Diagnosis]:
    """Log in, open the watched folder, read the capabilities; `suffix` is the mailbox's, for the advice."""
    if server is None:
        yield Diagnosis("imap", Grade.FAIL, "no mailbox is configured", "set ASPOKTATAS_IMAP_URL")
        return
    unknown = list(examine_name("imap", server))
    if unknown:
        yield from unknown
        return
    try:
        with Mailbox(server) as mailbox:
            yield Diagnosis("imap", Grade.OK, f"logged in to {server.host}:{server.port}")
            yield from _examine_folder(mailbox, server.folder, suffix)
            for capability, loss in WANTED:
                if capability in mailbox.capabilities:
                    yield Diagnosis("imap", Grade.OK, f"the server has {capability}")
                else:
                    yield Diagnosis("imap", Grade.WARN, f"the server has no {capability}: {loss}")
    except LoginRefused as error:
        yield explain_token("imap", str(error)) or Diagnosis(
            "imap",
            Grade.FAIL,
            f"{server.host}:{server.port} refuses user name or password",
            f"correct them in ASPOKTATAS_IMAP_URL{suffix} (special characters percent-encoded)",
        )
    except MailError as error:
        yield explain_token("imap", str(error)) or explain_connection("imap", server, error)


def _examine_folder(mailbox: Mailbox, folder: str, suffix: str) -> Iterator[Diagnosis]:
    try:
        mailbox.select(folder, readonly=True)
        number = len(mailbox.search())
    except MailError:
        yield Diagnosis(
            "imap",
            Grade.FAIL,
            f"the folder {folder} cannot be opened",
            f"name an existing one at the end of ASPOKTATAS_IMAP_URL{suffix}",
        )
    else:
        yield Diagnosis("imap", Grade.OK, f"the folder {folder} opens; {number} mails in it")
