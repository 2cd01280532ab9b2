"""The mail inside an opaque S/MIME signature (CMS SignedData, RFC 5652). The signature itself is not checked. Pure."""

from __future__ import annotations

from worker.intake.unreadable import UnreadableError

_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = (bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117"))
_OID, _OCTETS, _SEQUENCE, _SET, _CONTEXT_0 = 0x06, 0x04, 0x30, 0x31, 0xA0
_CONSTRUCTED = 0x20
_DEPTH = 20


def signed_content(data: bytes) -> bytes:
    """The bytes that were signed. Raises UnreadableError: "encrypted", "no signed mail" or "broken signature"."""
    try:
        _, start, end, _ = _element(data, 0)
        tag, oid_start, oid_end, at = _element(data, start)
        kind = data[oid_start:oid_end]
        if tag != _OID or kind in _ENVELOPED:
            raise UnreadableError("encrypted" if kind in _ENVELOPED else "broken signature")
        if kind != _SIGNED:
            raise UnreadableError("no signed mail")
        _, start, end, _ = _element(data, at)  # [0] EXPLICIT
        _, start, end, _ = _element(data, start)  # SignedData
        _, _, _, at = _element(data, start)  # version
        _, _, _, at = _element(data, at)  # digest algorithms
        tag, start, end, _ = _element(data, at)  # encapContentInfo
        _, _, _, at = _element(data, start)  # its type
        if at >= end:
            raise UnreadableError("no signed mail")
        tag, start, end, _ = _element(data, at)  # [0] EXPLICIT
        tag, start, end, _ = _element(data, start)
        return b"".join(_octets(data, tag, start, end, 0))
    except (IndexError, ValueError) as error:
        raise UnreadableError("broken signature") from error


def _octets(data: bytes, tag: int, start: int, end: int, depth: int) -> list[bytes]:
    """An OCTET STRING, whole or (BER) in pieces."""
    if not tag & _CONSTRUCTED:
        return [data[start:end]]
    if depth > _DEPTH:
        raise ValueError("too deep")
    pieces: list[bytes] = []
    at = start
    while at < end:
        tag, inner_start, inner_end, at = _element(data, at)
        pieces += _octets(data, tag, inner_start, inner_end, depth + 1)
    return pieces


def _element(data: bytes, at: int, depth: int = 0) -> tuple[int, int, int, int]:
    """(tag, content start, content end, offset behind) of the BER element at `at`, of indefinite length too."""
    tag, length = data[at], data[at + 1]
    if tag & 0x1F == 0x1F or depth > _DEPTH:
        raise ValueError("not a CMS structure")
    start = at + 2
    if length == 0x80:
        position = start
        while data[position : position + 2] != b"\0\0":
            position = _element(data, position, depth + 1)[3]
        return tag, start, position, position + 2
    if length & 0x80:
        count = length & 0x7F
        if count > 4:
            raise ValueError("not a CMS structure")
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    if start + length > len(data):
        length = len(data) - start  # cut short: what is there is read
    return tag, start, start + length, start + length
