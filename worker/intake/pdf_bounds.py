"""What a PDF's streams unpack to, counted before PDFium unpacks them into memory. Pure."""

from __future__ import annotations

import base64
import re
import zlib
from contextlib import suppress

from worker.intake import bounds
from worker.intake.unreadable import UnreadableError
from worker.packing import unpacked

IMAGE_BYTES = 2 * bounds.UNPACKED_BYTES  # one picture: it is not unpacked for its text, unless the file lies
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY_BYTES = 1_000  # before a stream, where its filters are named
_CHUNK = 1 << 20
_DEEPEST = 4  # filters on top of each other
_ZLIB = b"\x78"


def check_streams(data: bytes) -> None:
    """Raises UnreadableError where the streams unpack to more than a document of people does."""
    left, view = bounds.UNPACKED_BYTES, memoryview(data)
    starts = [found.end() for found in _STREAM.finditer(data)]
    for start, following in zip(starts, [*starts, len(data)][1:], strict=True):
        about = data[max(0, start - _DICTIONARY_BYTES) : start].rpartition(b" obj")[2]
        if b"/Image" in about:
            _unpacked_size(_packed(view[start:following], about), IMAGE_BYTES, _DEEPEST)
        else:
            left -= _unpacked_size(_packed(view[start:following], about), left, _DEEPEST)


def _packed(data: memoryview, about: bytes) -> bytes | memoryview:
    """`data` without the letters that another filter put it into."""
    with suppress(ValueError):
        if b"/ASCII85Decode" in about:
            return base64.a85decode(b"<~" + bytes(data).partition(b"~>")[0] + b"~>", adobe=True)
        if b"/ASCIIHexDecode" in about:
            return bytes.fromhex(bytes(data).partition(b">")[0].decode("ascii"))
    return data


def _unpacked_size(packed: bytes | memoryview, most: int, deepest: int) -> int:
    """Bytes that come out at the end, where one unpacking may give the next packed thing."""
    if packed[:1] != _ZLIB:
        return 0
    size, inner = 0, bytearray()
    with suppress(zlib.error):  # as far as it goes: PDFium does the same
        pieces = (bytes(packed[start : start + _CHUNK]) for start in range(0, len(packed), _CHUNK))
        for piece in unpacked(pieces, _CHUNK):
            begins, size = size == 0, size + len(piece)
            if size > most:
                raise UnreadableError("too large")
            if inner or (begins and piece.startswith(_ZLIB)):
                inner += piece
    if not inner or not deepest:
        return size
    return size + _unpacked_size(bytes(inner), most - size, deepest - 1)
