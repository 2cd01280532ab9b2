"""Letters to members of staff: invitations, forgotten passwords, what happened to one's login.

They go straight to the SMTP server, not by the outbox: requesters' letters and their budgets are another matter.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from worker.mail.outcome import Result
from worker.mail.smtp import Sender
from worker.replies.rendering import wrap_text

TIMEOUT_S = 20.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """`name` is that of its templates in templates/staff/letters/; `facts` is what they speak of."""

    name: str
    address: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def post(letter: Letter, *, wait: bool = True) -> bool:
    """Send it now; whether the server took it. Without `wait` True at once: the answer's time shall tell nothing."""
    message = write_letter(letter)
    if wait:
        return _send(message, letter.address)
    threading.Thread(target=_send, args=(message, letter.address), name="letter").start()
    return True


def write_letter(letter: Letter) -> EmailMessage:
    """The mail; our own address is its sender."""
    facts = {**letter.facts, "letter_address": letter.address, "page_address": page_address()}
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.ASPOKTATAS.address
    message["To"] = letter.address
    message["Subject"] = " ".join(render_to_string(f"staff/letters/{letter.name}_subject.txt", facts).split())
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=settings.ASPOKTATAS.address.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    text = render_to_string(f"staff/letters/{letter.name}_message.txt", facts)
    message.set_content(wrap_text(text), cte="quoted-printable")
    return message


def page_address() -> str:
    """Where the page is, without a slash at its end."""
    return settings.PEOPLE.public_url or f"http://localhost:{settings.ASPOKTATAS.web_port}"


def _send(message: EmailMessage, address: str) -> bool:
    server = settings.ASPOKTATAS.smtp
    if server is None:
        log.error("a letter to staff could not be sent: no SMTP server is configured")
        return False
    own = settings.ASPOKTATAS.address
    sender = Sender(server, hello=own.rpartition("@")[2], timeout=TIMEOUT_S, dot_timeout=TIMEOUT_S)
    try:
        delivery = sender.send(own, [address], message.as_bytes(policy=SMTP), lambda: None)
    finally:
        sender.close()
    if delivery.result is not Result.ACCEPTED:
        trouble = "the server is in trouble" if delivery.server_trouble else "the letter is refused"
        log.error("a letter to staff could not be sent: %s", trouble)  # the server's words may hold an address
    return delivery.result is Result.ACCEPTED
