"""Outlook's winmail.dat (TNEF, MS-OXTNEF): the body and the attachments inside. Pure, linear: bytes in.

Own and not tnefparse's: that one copies the rest of the file at every object and believes any count it reads, so a
few bytes keep it busy for hours.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.intake.charset import python_codec
from worker.intake.unreadable import UnreadableError

SIGNATURE = b"\x78\x9f\x3e\x22"
_OBJECTS = 5_000
_PROPERTIES = 5_000
_ATTACHMENT_LEVEL = 2
_BODY, _CODEPAGE, _MAPI = 0x800C, 0x9007, 0x9003
_ATTACH_DATA, _ATTACH_TITLE, _ATTACH_START, _ATTACH_MAPI = 0x800F, 0x8010, 0x9002, 0x9005
_FIXED_SIZES = {2: 4, 3: 4, 4: 4, 0x0A: 4, 0x0B: 4, 5: 8, 6: 8, 7: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset((0, 0x0D, 0x1E, 0x1F, 0x102))
_P_BODY, _P_HTML, _P_RTF, _P_FILENAME, _P_SHORT_NAME = 0x1000, 0x1013, 0x1009, 0x3707, 0x3704
_P_DATA = 0x3701


@dataclass(slots=True)
class Tnef:
    """What a winmail.dat holds; `files` are (name, bytes), `rtf` is decompressed."""

    text: str = ""
    html: bytes = b""
    rtf: bytes = b""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def read_tnef(data: bytes) -> Tnef:
    """The container's contents, as far as they are sound. Raises UnreadableError."""
    if not data.startswith(SIGNATURE):
        raise UnreadableError("broken winmail.dat")
    found = Tnef()
    codec = "cp1250"
    for level, name, body in _objects(data):
        if level == _ATTACHMENT_LEVEL:
            _read_attachment(found, name, body, codec)
        elif name == _CODEPAGE and len(body) >= 4:
            codec = python_codec(f"cp{int.from_bytes(body[:4], 'little')}") or codec
        elif name == _BODY:
            found.text = found.text or body.rstrip(b"\0").decode(codec, "replace")
        elif name == _MAPI:
            for tag, kind, value in _properties(body):
                if tag == _P_BODY:
                    found.text = found.text or _string(kind, value, codec)
                elif tag == _P_HTML:
                    found.html = found.html or value
                elif tag == _P_RTF:
                    found.rtf = found.rtf or decompress_rtf(value)
    return found


def _objects(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(level, attribute, its bytes) of every object."""
    at = 6
    for _ in range(_OBJECTS):
        if at + 9 > len(data):
            return
        level, name, _kind, length = struct.unpack_from("<BHHI", data, at)
        yield level, name, data[at + 9 : at + 9 + length]
        at += 11 + length


def _read_attachment(found: Tnef, name: int, body: bytes, codec: str) -> None:
    if name == _ATTACH_START or not found.files:
        found.files.append(("", b""))
    title, content = found.files[-1]
    if name == _ATTACH_TITLE:
        title = title or body.rstrip(b"\0").decode(codec, "replace")
    elif name == _ATTACH_DATA:
        content = body
    elif name == _ATTACH_MAPI:
        for tag, kind, value in _properties(body):
            if tag == _P_FILENAME or (tag == _P_SHORT_NAME and not title):
                title = _string(kind, value, codec)
            elif tag == _P_DATA and not content:
                content = value
    found.files[-1] = (title, content)


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(tag, type, first value) of every MAPI property; ends at the first that cannot be understood."""
    at = 4
    for _ in range(min(int.from_bytes(data[:4], "little"), _PROPERTIES)):
        if at + 4 > len(data):
            return
        kind, tag = struct.unpack_from("<HH", data, at)
        at += 4
        if tag >= 0x8000:
            at = _behind_name(data, at)
        count = 1
        if kind & 0x1000 or (kind & 0x0FFF) in _VARIABLE:
            count = int.from_bytes(data[at : at + 4], "little")
            at += 4
        kind &= 0x0FFF
        first = b""
        for index in range(min(count, _PROPERTIES)):
            if at >= len(data):
                return
            if kind in _VARIABLE:
                length = int.from_bytes(data[at : at + 4], "little")
                value = data[at + 4 : at + 4 + length]
                at += 4 + length + -length % 4
            elif kind in _FIXED_SIZES:
                value = data[at : at + _FIXED_SIZES[kind]]
                at += _FIXED_SIZES[kind]
            else:
                return
            first = value if index == 0 else first
        yield tag, kind, first


def _behind_name(data: bytes, at: int) -> int:
    """The offset behind a named property's name."""
    kind = int.from_bytes(data[at + 16 : at + 20], "little")
    length = int.from_bytes(data[at + 20 : at + 24], "little")
    return at + 24 if kind == 0 else at + 24 + length + -length % 4


def _string(kind: int, value: bytes, codec: str) -> str:
    text = value.decode("utf-16-le", "replace") if kind == 0x1F else value.decode(codec, "replace")
    return text.rstrip("\0")


_RTF_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompress_rtf(data: bytes, most: int = 4_000_000) -> bytes:
    """Compressed RTF (MS-OXRTFCP) unpacked; b"" where it is broken."""
    if len(data) < 16:
        return b""
    _size, raw_size, kind = struct.unpack_from("<III", data)
    if kind == 0x414C454D:  # MELA: not compressed
        return data[16 : 16 + raw_size]
    if kind != 0x75465A4C:
        return b""
    window = bytearray(4096)
    window[: len(_RTF_DICTIONARY)] = _RTF_DICTIONARY
    write, at = len(_RTF_DICTIONARY), 16
    out = bytearray()
    while at < len(data) and len(out) < min(raw_size, most):
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                return bytes(out)
            if not flags >> bit & 1:
                out.append(data[at])
                window[write] = data[at]
                write, at = (write + 1) % 4096, at + 1
                continue
            reference = int.from_bytes(data[at : at + 2], "big")
            at += 2
            offset, length = reference >> 4, (reference & 15) + 2
            if offset == write:
                return bytes(out)
            for step in range(length):
                byte = window[(offset + step) % 4096]
                out.append(byte)
                window[write] = byte
                write = (write + 1) % 4096
    return bytes(out)
