"""The demo's SMTP server: takes every mail, sends none on, keeps each as a file to read."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class SentReply:
    """A mail that the worker sent: its text is in `path`, beside the .eml of the same name."""

    recipients: tuple[str, ...]
    subject: str
    in_reply_to: str
    path: Path


class Sink:
    """Collects what is sent; `folder` gets an .eml and a .txt for each mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._replies: list[SentReply] = []
        self._lock = Lock()

    @property
    def replies(self) -> list[SentReply]:
        """Everything sent so far, in order."""
        with self._lock:
            return list(self._replies)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """aiosmtpd calls this with each whole mail."""
        raw = envelope.original_content or b""
        with self._lock:
            self._replies.append(_keep(raw, tuple(envelope.rcpt_tos), self._folder, len(self._replies) + 1))
        return "250 OK"

    async def start(self) -> asyncio.Server:
        """Serve on a free port, on the running loop."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: SMTP(self, hostname="localhost", enable_SMTPUTF8=True), HOST, 0)


def _keep(raw: bytes, recipients: tuple[str, ...], folder: Path, number: int) -> SentReply:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain",))
    head = "".join(f"{name}: {mail[name]}\n" for name in ("From", "To", "Cc", "Subject") if mail[name])
    path = folder / f"{number:02d}.txt"
    path.with_suffix(".eml").write_bytes(raw)
    path.write_text(f"{head}\n{body.get_content() if body else ''}", encoding="utf-8")
    return SentReply(recipients, str(mail["Subject"]), str(mail["In-Reply-To"] or ""), path)
