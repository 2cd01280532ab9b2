"""Microsoft's compound files (MS-CFB), the container of .doc, .xls and .msg. Pure, bounded: bytes in."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from worker.intake.unreadable import UnreadableError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFA  # sector numbers from here on mean "none"
_ENTRIES = 4_000
_STREAM, _STORAGE, _ROOT = 2, 1, 5


@dataclass(slots=True)
class Storage:
    """A folder of the container: streams by name, folders by name."""

    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


@dataclass(slots=True)
class _Sectors:
    """The file's sectors and the chains they form."""

    data: bytes
    shift: int
    table: list[int]

    def chain(self, start: int, most: int) -> bytes:
        """The bytes of the sectors from `start` on, at most `most` of them; circles end."""
        size = 1 << self.shift
        out = bytearray()
        sector, steps = start, 0
        while sector < min(_FREE, len(self.table)) and len(out) < most and steps <= len(self.table):
            out += self.data[sector * size : (sector + 1) * size]
            sector, steps = self.table[sector], steps + 1
        return bytes(out[:most])


def read_compound(data: bytes) -> Storage:
    """The root folder with everything in it. Raises UnreadableError."""
    if not data.startswith(SIGNATURE) or len(data) < 1536:
        raise UnreadableError("broken")
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise UnreadableError("broken")
    directory_start, _, cutoff, mini_start = struct.unpack_from("<IIII", data, 48)
    sectors = _Sectors(data[1 << shift :], shift, [])
    sectors.table = _sector_table(data, sectors)
    entries = _entries(sectors.chain(directory_start, _ENTRIES * 128))
    if not entries or entries[0].kind != _ROOT:
        raise UnreadableError("broken")
    mini_table = _numbers(sectors.chain(mini_start, len(data)))
    mini = _Sectors(sectors.chain(entries[0].start, entries[0].size), mini_shift, mini_table)
    root = Storage()
    waiting = [(entries[0].child, root)]
    seen: set[int] = set()
    while waiting:
        number, storage = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        waiting += [(entry.left, storage), (entry.right, storage)]
        if entry.kind == _STREAM:
            source = mini if entry.size < cutoff else sectors
            storage.streams[entry.name] = source.chain(entry.start, min(entry.size, len(data)))
        elif entry.kind == _STORAGE:
            storage.storages[entry.name] = Storage()
            waiting.append((entry.child, storage.storages[entry.name]))
    return root


def _sector_table(data: bytes, sectors: _Sectors) -> list[int]:
    """The file allocation table, gathered by the lists in the header and behind it."""
    size = 1 << sectors.shift
    places = list(struct.unpack_from("<109I", data, 76))
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(sectors.data) // size)):
        if following >= _FREE:
            break
        more = _numbers(sectors.data[following * size : (following + 1) * size])
        if not more:
            break
        places += more[:-1]
        following = more[-1]
    table: list[int] = []
    for place in places[: len(sectors.data) // size + 1]:
        if place < _FREE:
            table += _numbers(sectors.data[place * size : (place + 1) * size])
    return table


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack_from(f"<{len(data) // 4}I", data))


def _entries(data: bytes) -> list[_Entry]:
    entries = []
    for at in range(0, len(data) - 127, 128):
        length = min(64, struct.unpack_from("<H", data, at + 64)[0])
        name = data[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        left, right, child = struct.unpack_from("<III", data, at + 68)
        start, size = struct.unpack_from("<II", data, at + 116)
        entries.append(_Entry(name, data[at + 66], left, right, child, start, size))
    return entries
