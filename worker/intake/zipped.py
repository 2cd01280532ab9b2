"""Zip containers read within bounds: what they unpack to is counted before anything else trusts them. Pure."""

from __future__ import annotations

import io
import zipfile
import zlib

from worker.intake import bounds
from worker.intake.unreadable import UnreadableError

_ENTRIES = 2_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what office programs use
_CHUNK = 1 << 16


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive, once all of it has been unpacked within bounds (declared sizes may lie). Raises UnreadableError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
        if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > bounds.UNPACKED_BYTES:
            raise UnreadableError("too large")
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableError("encrypted")
        if any(entry.compress_type not in _METHODS for entry in entries):  # zipfile unpacks the others without bounds
            raise UnreadableError("archive")
        left = bounds.UNPACKED_BYTES
        for entry in entries:
            left -= _unpacked_size(archive, entry, left)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableError("broken archive") from error
    return archive


def _unpacked_size(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> int:
    """What the raw stream of `entry` unpacks to, counted without keeping it."""
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return entry.file_size
    stream = archive.fp
    assert stream is not None
    stream.seek(entry.header_offset + 26)
    lengths = stream.read(4)
    stream.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), io.SEEK_CUR)
    unpacker = zlib.decompressobj(-15)
    packed_left, size = entry.compress_size, 0
    while packed_left > 0 and not unpacker.eof:
        packed = stream.read(min(_CHUNK, packed_left))
        if not packed:
            break
        packed_left -= len(packed)
        while packed and not unpacker.eof:
            size += len(unpacker.decompress(packed, _CHUNK * 16))
            packed = unpacker.unconsumed_tail
            if size > most:
                raise UnreadableError("too large")
    return size


def read_entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """One entry's bytes; b"" where it is missing. Raises UnreadableError."""
    try:
        return archive.read(name)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableError("broken archive") from error
