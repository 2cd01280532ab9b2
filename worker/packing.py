"""A mail's bytes as the ledger keeps them: compressed, in pieces, so that a large mail is in memory once. Pure."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable

COMPRESSION = 6
PIECE = 1 << 20


def pack(raw: bytes) -> bytes:
    """`raw` compressed (zlib)."""
    packer, packed = zlib.compressobj(COMPRESSION), io.BytesIO()
    for start in range(0, len(raw), PIECE):
        packed.write(packer.compress(memoryview(raw)[start : start + PIECE]))
    packed.write(packer.flush())
    return packed.getvalue()


def unpack(pieces: Iterable[bytes], most: int | None = None) -> bytes:
    """What was packed, or its first `most` bytes, from the packed bytes in order. Raises zlib.error."""
    unpacker, raw = zlib.decompressobj(), io.BytesIO()
    for piece in pieces:
        left = piece
        while left and not unpacker.eof:
            raw.write(unpacker.decompress(left, PIECE))
            if most is not None and raw.tell() >= most:
                return raw.getvalue()[:most]
            left = unpacker.unconsumed_tail
    raw.write(unpacker.flush())
    if not unpacker.eof:
        raise zlib.error("the packed bytes end too early")
    return raw.getvalue()
