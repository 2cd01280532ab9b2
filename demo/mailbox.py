"""The demo's IMAP mailbox: pymap's in-memory server, which speaks IDLE, MOVE and UIDPLUS, on loopback."""

from __future__ import annotations

import asyncio
import imaplib
import time
from argparse import Namespace
from collections.abc import Sequence

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pysasl.hashing import BuiltinHash

HOST = "127.0.0.1"
USER = "aspoktatas"
PASSWORD = "demo-postafiok"  # noqa: S105  # guards nothing: made-up mails, reachable from this machine alone


async def start_mailbox() -> asyncio.Server:
    """Serve one empty mailbox on a free port, on the running loop."""
    backend, config = await DictBackend.init(
        Namespace(
            host=HOST,
            port=0,
            debug=False,
            cert=None,
            key=None,
            tls=False,
            demo_data=False,
            demo_user=USER,
            demo_password=PASSWORD,
            passlib_cfg=None,
            proxy_protocol=None,
        ),
        hash_context=BuiltinHash(rounds=1),  # one password of no value, checked at every connection
    )
    config.apply_context()
    connected = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    return await asyncio.start_server(connected, host=HOST, port=0)


def deliver(port: int, mails: Sequence[bytes]) -> None:
    """Put mails into the mailbox's INBOX, as a mail server would."""
    with imaplib.IMAP4(HOST, port, timeout=10) as client:
        client.login(USER, PASSWORD)
        for raw in mails:
            kind, _ = client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), raw)
            if kind != "OK":
                raise RuntimeError("the demo's mailbox refused a mail")
