"""Which pictures a person must look at: not the logos and icons that mailers and signatures carry. Pure."""

from __future__ import annotations

import re

_SMALL_BYTES = 15_000
_SMALL_AREA = 130_000  # pixels: about 400 by 320
_BANNER = 3.5  # width by height: a letterhead
_ORNAMENT = re.compile(
    r"logo|icon|ikon|banner|facebook|linkedin|twitter|instagram|youtube|c[ií]mer|al[aá][ií]r|sign|pixel|spacer"
    r"|header|footer|fejl[eé]c|l[aá]bl[eé]c|smil|emoji|^image\d{3}\.|^~|^$"
)


def worth_a_look(head: bytes, size: int, name: str, *, inline: bool) -> bool:
    """Whether the picture `name` of `size` bytes that begins with `head` may hold data: a scan, a photo, a screenshot.

    What somebody attached may, however small, unless its name says that it is an ornament.
    """
    if not inline:
        return size >= _SMALL_BYTES or not _ORNAMENT.search(name.lower())
    if size < _SMALL_BYTES:
        return False
    width, height = dimensions(head)
    if not width or not height:
        return True
    return width * height > _SMALL_AREA and max(width, height) / min(width, height) < _BANNER


def dimensions(head: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG, GIF, BMP or JPEG; (0, 0) where they cannot be told."""
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if head.startswith(b"GIF8") and len(head) >= 10:
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if head.startswith(b"BM") and len(head) >= 26:
        return int.from_bytes(head[18:22], "little"), abs(int.from_bytes(head[22:26], "little", signed=True))
    if head.startswith(b"\xff\xd8"):
        return _jpeg_dimensions(head)
    return 0, 0


def _jpeg_dimensions(head: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(head[at + 7 : at + 9], "big"), int.from_bytes(head[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return 0, 0
