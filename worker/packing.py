"""A mail's bytes as the ledger keeps them: compressed, in pieces, so that a large mail is in memory once. Pure."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Iterator

COMPRESSION = 6
PIECE = 1 << 20
HEADER_BYTES = 64 * 1024  # longer header sections are read no further
_HEADER_END = re.compile(rb"\r?\n\r?\n")


def pack(raw: bytes) -> bytes:
    """`raw` compressed (zlib)."""
    packer, packed = zlib.compressobj(COMPRESSION), io.BytesIO()
    for start in range(0, len(raw), PIECE):
        packed.write(packer.compress(memoryview(raw)[start : start + PIECE]))
    packed.write(packer.flush())
    return packed.getvalue()


def unpack(pieces: Iterable[bytes], most: int | None = None) -> bytes:
    """What was packed, or its first `most` bytes, from the packed bytes in order. Raises zlib.error."""
    raw = io.BytesIO()
    for piece in unpacked(pieces, min(most or PIECE, PIECE)):
        raw.write(piece)
        if most is not None and raw.tell() >= most:
            return raw.getvalue()[:most]
    return raw.getvalue()


def unpack_header(pieces: Iterable[bytes]) -> bytes:
    """Of a packed mail the header alone, with the line that ends it; little is unpacked. Raises zlib.error."""
    return _HEADER_END.split(unpack(pieces, HEADER_BYTES), maxsplit=1)[0] + b"\r\n\r\n"


def unpacked(pieces: Iterable[bytes], at_once: int) -> Iterator[bytes]:
    """What was packed, up to `at_once` bytes at a time. Raises zlib.error, where the bytes end too early as well."""
    unpacker = zlib.decompressobj()
    for piece in pieces:
        left = piece
        while left and not unpacker.eof:
            yield unpacker.decompress(left, at_once)
            left = unpacker.unconsumed_tail
    yield unpacker.flush()
    if not unpacker.eof:
        raise zlib.error("the packed bytes end too early")
