"""A reply's bytes, written directly. Pure.

`email.message.EmailMessage` folds a long In-Reply-To into encoded words, which breaks threads, and costs 1.5 ms a
reply; so headers and parts are laid out here, for the one shape that replies have: text and HTML alternatives.
Every line ends in CRLF; header lines stay within 78 characters except an unfoldable identifier (at most 900),
body lines within 76.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from rules.model import Address
from worker.replies.hygiene import NAME_LIMIT, header_address, one_line

MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,900}>")  # printable ASCII without blanks and inner angle brackets
LINE = 78
DATE = re.compile(rb"(?<=\r\n)Date: [^\r\n]*(?=\r\n)")
WORD_BYTES = 42  # base64 makes 56 characters of them: an encoded word of 68, within 75 even after "Subject: "
REFERENCES = 10


class Automation(StrEnum):
    """How a letter comes about, in the words of Auto-Submitted (RFC 3834 §5)."""

    REPLIED = "auto-replied"  # the worker's own answer to a mail
    GENERATED = "auto-generated"  # the worker tells of an event, or that time has passed
    NONE = "no"  # a person wrote it; such letters do without the header


@dataclass(frozen=True, slots=True)
class Envelope:
    """The headers' values; addresses and names still as a stranger wrote them, cleaned when written."""

    message_id: str
    date: datetime
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    in_reply_to: str
    references: tuple[str, ...]
    token: str
    automation: Automation = Automation.REPLIED


def build_mail(envelope: Envelope, text: str, html: str) -> bytes:
    """The whole mail: headers, then `text` and `html` (line ends `\\n`) as multipart/alternative."""
    boundary = "=_aspo_" + sha256(envelope.message_id.encode()).hexdigest()[:32]  # "=_" cannot occur in QP
    head = "\r\n".join(_headers(envelope, boundary)).encode("ascii")
    mark = b"--" + boundary.encode("ascii")
    return b"\r\n".join((head, b"", mark, *_part("plain", text), mark, *_part("html", html), mark + b"--", b""))


def redated(data: bytes, date: datetime) -> bytes:
    """The mail that `build_mail` wrote, complete only now (RFC 5322 §3.6.1); all else stays, its Message-ID too."""
    head, blank, body = data.partition(b"\r\n\r\n")
    return DATE.sub(f"Date: {format_datetime(date)}".encode("ascii"), head, count=1) + blank + body


def usable_ids(ids: Iterable[str]) -> list[str]:
    """Those of `ids` that can stand in a header, in order, each once."""
    return list(dict.fromkeys(one for one in ids if MESSAGE_ID.fullmatch(one)))


def capped_references(references: Sequence[str], last: str) -> tuple[str, ...]:
    """The thread's identifiers for References: the first and the newest, at most ten; `last` is the answered mail."""
    ids = [one for one in usable_ids(references) if one != last] + usable_ids([last])
    return tuple(ids if len(ids) <= REFERENCES else [ids[0], *ids[1 - REFERENCES :]])


def usable_addresses(addresses: Iterable[Address]) -> tuple[Address, ...]:
    """Those that can stand in a header, in the form they have there, each once."""
    cleaned = (Address(one.name, header_address(one.address)) for one in addresses)
    return tuple({one.address: one for one in cleaned if one.address}.values())


def _headers(envelope: Envelope, boundary: str) -> list[str]:
    lines = [
        _folded("From", [_mailbox(envelope.sender)], ","),
        _folded("To", [_mailbox(one) for one in envelope.to] or ["undisclosed-recipients:;"], ","),
    ]
    if envelope.cc:
        lines.append(_folded("Cc", [_mailbox(one) for one in envelope.cc], ","))
    lines += [
        f"Reply-To: <{envelope.sender.address}>",
        f"Date: {format_datetime(envelope.date)}",
        f"Message-ID: {envelope.message_id}",
    ]
    if envelope.in_reply_to:
        lines.append(f"In-Reply-To: {envelope.in_reply_to}")
    if envelope.references:
        lines.append(_folded("References", envelope.references, ""))
    lines += [
        _text_header("Subject", envelope.subject),
        *_automation(envelope.automation),
        f"X-Loop: {envelope.sender.address} {envelope.token}".rstrip(),
        "Content-Language: hu",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"',
    ]
    return lines


def _automation(automation: Automation) -> tuple[str, ...]:
    """What other machines are to know: to a person's letter only absence notes are unwelcome."""
    if automation is Automation.NONE:
        return ("X-Auto-Response-Suppress: OOF",)
    return f"Auto-Submitted: {automation}", "X-Auto-Response-Suppress: All", "Precedence: bulk"


def _part(subtype: str, content: str) -> tuple[bytes, bytes, bytes, bytes]:
    data = content.replace("\n", "\r\n").encode("utf-8", "replace")
    return (
        f"Content-Type: text/{subtype}; charset=utf-8".encode("ascii"),
        b"Content-Transfer-Encoding: quoted-printable",
        b"",
        b2a_qp(data, istext=True),
    )


def _folded(name: str, items: Sequence[str], separator: str) -> str:
    """`items` behind the header's name, a new line before each that would not fit."""
    lines = [f"{name}:"]
    for position, item in enumerate(items):
        piece = f" {item}" + (separator if position < len(items) - 1 else "")
        widest = max(len(line) for line in piece.split("\r\n"))
        if position and len(lines[-1]) + widest > LINE:
            lines.append(piece)
        else:
            lines[-1] += piece
    return "\r\n".join(lines)


@lru_cache(maxsize=256)  # our own in every letter
def _mailbox(one: Address) -> str:
    """`Name <address>`; the name as a quoted string or encoded words, left out where it poses as an address."""
    name = one_line(one.name, NAME_LIMIT)
    if not name or "@" in name:
        return f"<{one.address}>"
    if _is_plain(name) and len(name) < 40:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{one.address}>'
    return f"{_encoded_words(name)}\r\n <{one.address}>"


def _text_header(name: str, value: str) -> str:
    line = f"{name}: {value}"
    return line if _is_plain(value) and len(line) <= LINE else f"{name}: {_encoded_words(value)}"


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "=?" not in text


def _encoded_words(text: str) -> str:
    """RFC 2047: each word at most 75 characters and whole letters, one a line."""
    words, taken = [], b""
    for char in text:
        piece = char.encode("utf-8", "replace")
        if len(taken) + len(piece) > WORD_BYTES:
            words.append(taken)
            taken = b""
        taken += piece
    words.append(taken)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode('ascii')}?=" for word in words)
