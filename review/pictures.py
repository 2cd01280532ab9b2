"""Which of a mail's files may be shown as pictures: four kinds, told by their first bytes, of a bounded size. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from review.harmless import Picture
from worker.intake.file_kind import File
from worker.intake.pictures import dimensions

MOST_BYTES = 15_000_000  # of a picture shown by itself
MOST_PIXELS = 60_000_000  # a page of A3 at 300 dpi has 17 million; more may be meant to fill the memory
INLINE_BYTES = 1_000_000  # of one picture inside the HTML view
INLINE_TOTAL = 3_000_000
HEAD = 65_536
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def picture_type(head: bytes, size: int) -> str:
    """The type of a picture of `size` bytes that begins with `head`, "" for anything else, the sender's word aside.

    SVG, TIFF, BMP and HEIC are none: the first may hold scripts, browsers do not show the others alike.
    """
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = "image/webp"
    if not found or size > MOST_BYTES:
        return ""
    width, height = _webp_size(head) if found == "image/webp" else dimensions(head[:HEAD])
    return found if width * height <= MOST_PIXELS else ""


def inline_pictures(files: Iterable[File]) -> Mapping[str, Picture]:
    """By Content-ID the pictures that a mail's HTML may show in itself."""
    found: dict[str, Picture] = {}
    total = 0
    for file in files:
        name = file.entity.field_value("content-id").strip().strip("<> ") if file.entity is not None else ""
        kind = picture_type(file.head, file.size)
        if not name or not kind or file.size > INLINE_BYTES or total + file.size > INLINE_TOTAL or name in found:
            continue
        total += file.size
        found[name] = Picture(kind, file.content())
    return found


def _webp_size(head: bytes) -> tuple[int, int]:
    """Width and height of a WebP's canvas; (0, 0) where they cannot be told."""
    form = head[12:16]
    if form == b"VP8X" and len(head) >= 30:
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if form == b"VP8 " and len(head) >= 30:
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    if form == b"VP8L" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0
