"""Mails changed as mails: headers swapped, charsets and encodings relabelled, parts nested, blocks doubled, lines cut.

Pure but for atheris' own byte changes, which every third call adds: `mutate(data, longest, seed)` gives new bytes.
"""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Callable

import atheris

CHARSETS = (b"utf-8", b"us-ascii", b"iso-8859-2", b"windows-1250", b"utf-16", b"utf-7", b"x-unknown", b'"', b"")
TYPES: tuple[bytes, ...] = (
    b"text/plain",
    b"text/html",
    b"text/csv",
    b"message/rfc822",
    b"multipart/mixed; boundary=q",
    b"text",
)
TYPES += (b"multipart/alternative; boundary=q", b"multipart/report; boundary=q", b"application/ms-tnef")
ENCODINGS = (b"base64", b"quoted-printable", b"8bit", b"7bit", b"x-uuencode", b"binary")
NAMES = (b"From", b"To", b"Cc", b"Subject", b"Reply-To", b"Auto-Submitted", b"In-Reply-To", b"Content-Disposition")
SPOKEN = tuple(
    piece.encode()
    for piece in (
        *("Név: ", "PIR: 740009\n", "E-mail: ", "@", " (kukac) ", "Szakrendszer: ", "\t", "Település\tPIR\tNév\n"),
        *("Üdvözlettel:\n", "-----Eredeti üzenet-----\n", "> ", "-- \n", "<td>", "<table>", "<blockquote>", "\x00"),
        *("Kovácsné dr. Nagy Éva", "Budapest XXII. kerület", "jegyző", "nem ", "KERET, ", "☒ ", "mindhárom", "õû"),
    )
)


def mutate(data: bytes, longest: int, seed: int) -> bytes:
    """One to four changes of `data`, at most `longest` bytes."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(CHANGES)(data, chance)[:longest]
    if chance.random() < 1 / 3:
        return bytes(atheris.Mutate(data, longest))
    return data


def _split(data: bytes) -> tuple[list[bytes], bytes]:
    """The header lines and the body."""
    head, gap, body = data.partition(b"\n\n")
    if not gap or b"\r\n\r\n" in data[: len(head)]:
        head, _, body = data.partition(b"\r\n\r\n")
    return head.splitlines(), body


def _joined(head: list[bytes], body: bytes) -> bytes:
    return b"\n".join(head) + b"\n\n" + body


def _swap_headers(data: bytes, chance: random.Random) -> bytes:
    head, body = _split(data)
    chance.shuffle(head)
    return _joined(head, body)


def _rename_header(data: bytes, chance: random.Random) -> bytes:
    head, body = _split(data)
    if head:
        at = chance.randrange(len(head))
        head[at] = chance.choice(NAMES) + b":" + head[at].partition(b":")[2]
    return _joined(head, body)


def _relabel(data: bytes, chance: random.Random) -> bytes:
    head, body = _split(data)
    fields = (
        b"Content-Type: " + chance.choice(TYPES) + b"; charset=" + chance.choice(CHARSETS),
        b"Content-Transfer-Encoding: " + chance.choice(ENCODINGS),
    )
    return _joined([*head, *fields], body) if chance.random() < 0.3 else _joined([*fields, *head], body)


def _encode_body(data: bytes, chance: random.Random) -> bytes:
    head, body = _split(data)
    if chance.random() < 0.5:
        return _joined([b"Content-Transfer-Encoding: base64", *head], base64.encodebytes(body))
    return _joined([b"Content-Transfer-Encoding: quoted-printable", *head], quopri.encodestring(body))


def _recode(data: bytes, chance: random.Random) -> bytes:
    codec = chance.choice(("utf-8", "cp1250", "iso8859-2", "utf-16", "utf-7", "cp852"))
    return data.decode("utf-8", "replace").encode(codec, "replace")


def _nest(data: bytes, chance: random.Random) -> bytes:
    head, body = _split(data)
    mark = b"n%d" % chance.randrange(1000)
    kind = chance.choice((b"mixed", b"alternative", b"related", b"report", b"signed"))
    inner = data if chance.random() < 0.5 else b"Content-Type: " + chance.choice(TYPES) + b"\n\n" + body
    wrapped = b"--%s\n%s\n" % (mark, inner) * chance.randint(1, 3) + b"--%s--\n" % mark
    return _joined([b"Content-Type: multipart/%s; boundary=%s" % (kind, mark), *head], wrapped)


def _double_block(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    first = chance.randrange(len(lines))
    block = lines[first : first + chance.randint(1, 30)]
    at = chance.randrange(len(lines) + 1)
    return b"".join([*lines[:at], *block * chance.choice((1, 1, 2, 40)), *lines[at:]])


def _move_block(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    first = chance.randrange(len(lines))
    block, rest = lines[first : first + 5], lines[:first] + lines[first + 5 :]
    at = chance.randrange(len(rest) + 1)
    return b"".join([*rest[:at], *block, *rest[at:]])


def _cut_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    kept = [line[: chance.randint(0, len(line))] if chance.random() < 0.1 else line for line in lines]
    return b"".join(line for line in kept if chance.random() > 0.05)


def _say(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(SPOKEN) * chance.choice((1, 1, 1, 50)) + data[at:]


CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_swap_headers, _rename_header, _relabel, _encode_body, _recode, _nest),
    *(_double_block, _move_block, _cut_lines, _say, _say),
)
