"""What makes a mail recognisable when it comes again: its Message-ID and a digest of what its sender wrote. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

HEADER_END = re.compile(rb"\r?\n\r?\n")
FIELD = re.compile(rb"(?im)^(message-id|from|to|cc|date|subject)[ \t]*:((?:.*)(?:\r?\n[ \t].*)*)")
PIECE = 1 << 20
LINE_FEED = ord("\n")
MESSAGE_ID = re.compile(rb"<[^<>\x00]{1,900}>")


@dataclass(frozen=True, slots=True)
class Identity:
    """`message_id` with its angle brackets ("" where none), and `digest`, 64 hexadecimal digits."""

    message_id: str
    digest: str


def identify(raw: bytes) -> Identity:
    """Identity of a raw mail, for any bytes.

    The digest covers the sender's header fields and the body, not the trace fields of transport: the same mail
    delivered twice is the same, another text under the same Message-ID is not.
    """
    end = HEADER_END.search(raw)
    header = raw[: end.start()] if end else raw
    fields = [(name.lower(), b" ".join(value.split())) for name, value in FIELD.findall(header)]
    hashed = sha256()
    for name, value in fields:
        hashed.update(name + b":" + value + b"\n")
    hashed.update(b"\n")
    for piece in _text(raw, end.end() if end else len(raw)):
        hashed.update(piece)
    ids = [value for name, value in fields if name == b"message-id"]
    return Identity(_message_id(ids[0]) if ids else "", hashed.hexdigest())


def _text(raw: bytes, start: int) -> Iterator[bytes]:
    """The body from `start` on, each line end one sign, the blank end left out; in pieces, for it may be large."""
    end = _end_of_text(raw, start)
    while start < end:
        stop = min(start + PIECE, end)
        if stop < end and raw[stop] == LINE_FEED:  # a line end stays in one piece
            stop += 1
        yield raw[start:stop].replace(b"\r\n", b"\n")
        start = stop


def _end_of_text(raw: bytes, start: int) -> int:
    end = len(raw)
    while end > start:
        begin = max(start, end - PIECE)
        if kept := raw[begin:end].rstrip():
            return begin + len(kept)
        end = begin
    return start


def is_searchable(message_id: str) -> bool:
    """Whether a server can be asked for this Message-ID: a quoted string holds neither quotes nor foreign letters."""
    return bool(message_id) and message_id.isascii() and message_id.isprintable() and not set(message_id) & set('"\\')


def _message_id(value: bytes) -> str:
    match = MESSAGE_ID.search(value)
    text = (match.group() if match else value).decode("utf-8", "replace").replace("\x00", "")
    return text[:998]
