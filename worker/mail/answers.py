"""Reading a server's answers: pure, from imaplib's raw pieces to values.

imaplib gives an answer with literals as tuples (text before the literal, literal), then the rest as bytes; answers
that nobody asked for stand between the others. Nothing here trusts order or completeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

Piece = bytes | tuple[bytes, bytes] | None
Value = bytes | None | list["Value"]

TOKEN = re.compile(rb'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|([^\s()"]*\[[^\]]*\](?:<\d+>)?|[^\s()"]+))', re.DOTALL)
INTERNALDATE = re.compile(rb"\s*(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
MONTHS = {name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
BACKOFF = re.compile(r"Suggested Backoff Time:\s*(\d+)\s*milliseconds", re.IGNORECASE)
THROTTLED = re.compile(
    r"throttl|\[(?:LIMIT|INUSE|UNAVAILABLE|SERVERBUSY)\]|too many (?:login|connection)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FetchAnswer:
    """One FETCH answer: its UID, and what else it holds under upper-case names ("RFC822.SIZE", "BODY[]")."""

    uid: int
    items: dict[str, Value]

    def body(self) -> bytes | None:
        """The bytes of BODY[] or BODY[HEADER]; None where missing or NIL."""
        value = self.items.get("BODY[]", self.items.get("BODY[HEADER]"))
        return value if isinstance(value, bytes) else None

    def size(self) -> int | None:
        """RFC822.SIZE, where given."""
        value = self.items.get("RFC822.SIZE")
        return int(value) if isinstance(value, bytes) and value.isdigit() else None

    def internal_date(self) -> datetime | None:
        """INTERNALDATE in UTC, where given and readable."""
        value = self.items.get("INTERNALDATE")
        return parse_internal_date(value) if isinstance(value, bytes) else None


def parse_fetch(pieces: Sequence[Piece]) -> dict[int, FetchAnswer]:
    """Every answer that names a UID, by UID; several answers for one message are put together.

    Answers without a UID (another client changed a flag) and unreadable ones are left out: the caller sees that
    something is missing.
    """
    answers: dict[int, FetchAnswer] = {}
    for answer in _answers(pieces):
        items = _items(answer)
        uid = items.get("UID")
        if not isinstance(uid, bytes) or not uid.isdigit():
            continue
        known = answers.get(int(uid))
        answers[int(uid)] = FetchAnswer(int(uid), {**known.items, **items} if known else items)
    return answers


def _answers(pieces: Iterable[Piece]) -> Iterator[list[bytes | tuple[bytes, bytes]]]:
    """Group imaplib's pieces: literals first, the closing bytes last."""
    answer: list[bytes | tuple[bytes, bytes]] = []
    for piece in pieces:
        if piece is None:
            continue
        answer.append(piece)
        if isinstance(piece, bytes):
            yield answer
            answer = []


def _items(answer: list[bytes | tuple[bytes, bytes]]) -> dict[str, Value]:
    """`12 (UID 3 BODY[] {5}`, literal, `)` → {"UID": b"3", "BODY[]": literal}; {} where it is not of that shape."""
    values = _parse_values(answer)
    body = values[1] if len(values) > 1 else None
    if not isinstance(body, list):
        return {}
    names, contents = body[::2], body[1::2]
    return {
        name.decode("ascii", "replace").upper(): content
        for name, content in zip(names, contents, strict=False)
        if isinstance(name, bytes)
    }


def _parse_values(answer: list[bytes | tuple[bytes, bytes]]) -> list[Value]:
    top: list[Value] = []
    stack = [top]
    for piece in answer:
        text, literal = piece if isinstance(piece, tuple) else (piece, None)
        if literal is not None:
            text = text[: text.rfind(b"{")].removesuffix(b"~")
        _parse_text(text, stack)
        if literal is not None:
            stack[-1].append(literal)
    return top


def _parse_text(text: bytes, stack: list[list[Value]]) -> None:
    """Append what `text` holds to the innermost open list, opening and closing lists on the way."""
    for match in TOKEN.finditer(text):
        opening, closing, quoted, atom = match.groups()
        if opening:
            inner: list[Value] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif closing:
            if len(stack) > 1:
                stack.pop()
        elif quoted is not None:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted))
        else:
            stack[-1].append(None if atom.upper() == b"NIL" else atom)


def parse_internal_date(value: bytes) -> datetime | None:
    """`23-Nov-2026 01:25:03 +0100` in UTC; None where it is no such date."""
    match = INTERNALDATE.fullmatch(value)
    if not match:
        return None
    day, month, year, hour, minute, second, sign, offset_hours, offset_minutes = match.groups()
    offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes)) * (-1 if sign == b"-" else 1)
    try:
        local = datetime(
            int(year), MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=timezone(offset)
        )
        return local.astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def format_day(day: date) -> str:
    """A date as SEARCH wants it: `23-Nov-2026`."""
    month = next(name for name, number in MONTHS.items() if number == day.month)
    return f"{day.day}-{month.decode('ascii')}-{day.year}"


def parse_uid_set(text: bytes) -> set[int]:
    """`3,5:7` → {3, 5, 6, 7}; the empty set where it is nothing of the kind or absurdly wide."""
    uids: set[int] = set()
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        if not first.isdigit() or (last and not last.isdigit()):
            return set()
        low, high = sorted((int(first), int(last or first)))
        if high - low > 1_000_000:
            return set()
        uids.update(range(low, high + 1))
    return uids


def parse_copyuid(pieces: Sequence[Piece]) -> set[int]:
    """The UIDs that a MOVE moved, from the data of its COPYUID codes (`validity from-set to-set`)."""
    moved: set[int] = set()
    for piece in pieces:
        words = piece.split() if isinstance(piece, bytes) else []
        if len(words) == 3:
            moved |= parse_uid_set(words[1])
    return moved


def format_uid_set(uids: Iterable[int]) -> str:
    """{3, 5, 6, 7} → `3,5:7`."""
    ranges: list[list[int]] = []
    for uid in sorted(uids):
        if ranges and uid == ranges[-1][1] + 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in ranges)


def parse_backoff(text: str) -> float | None:
    """Seconds a throttling answer asks us to wait (60 where it names no time); None where it is no such answer."""
    match = BACKOFF.search(text)
    if match:
        return int(match.group(1)) / 1000
    return 60.0 if THROTTLED.search(text) else None
