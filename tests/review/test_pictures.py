"""Which of a mail's files are shown as pictures: by their first bytes and size, whatever they are called."""

from __future__ import annotations

import base64
import struct
from email.message import EmailMessage

import pytest

from review.originals import read_html
from review.pictures import INLINE_BYTES, INLINE_TOTAL, MOST_BYTES, picture_type
from tests.intake.samples import picture


def webp(form: bytes, canvas: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + form + bytes(4) + canvas + bytes(20)


def extended(width: int, height: int) -> bytes:
    return webp(b"VP8X", bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"))


def lossy(width: int, height: int) -> bytes:
    return webp(b"VP8 ", bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", width, height))


def lossless(width: int, height: int) -> bytes:
    return webp(b"VP8L", b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (picture(800, 600, 100), "image/png"),
        (b"GIF89a" + struct.pack("<HH", 88, 31), "image/gif"),
        (b"\xff\xd8\xff\xe0" + bytes(30), "image/jpeg"),
        (extended(800, 600), "image/webp"),
        (lossy(800, 600), "image/webp"),
        (lossless(800, 600), "image/webp"),
        (webp(b"????", b""), "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", ""),
        (b"BM" + bytes(60), ""),
        (b"II*\0", ""),
        (b"RIFF\0\0\0\0WAVE", ""),
    ],
)
def test_four_kinds_are_pictures(head: bytes, kind: str) -> None:
    assert picture_type(head, len(head)) == kind


@pytest.mark.parametrize("head", [picture(60_000, 60_000, 100), extended(9_000, 9_000), lossless(16_000, 16_000)])
def test_what_would_fill_the_memory_is_none(head: bytes) -> None:
    assert picture_type(head, len(head)) == ""


@pytest.mark.parametrize("head", [lossy(16_383, 3_000), lossy(16_383, 16_383)])
def test_the_size_of_a_lossy_webp_is_read(head: bytes) -> None:
    assert bool(picture_type(head, len(head))) is (head == lossy(16_383, 3_000))


def test_a_large_file_is_none() -> None:
    assert picture_type(picture(8, 8, 100), MOST_BYTES + 1) == ""


def mail_of(pictures: list[tuple[str, bytes]]) -> bytes:
    """A mail whose HTML shows each (Content-ID, content)."""
    mail = EmailMessage()
    mail.set_content("".join(f'<p><img src="cid:{name}"></p>' for name, _ in pictures), "html")
    for name, content in pictures:
        mail.add_related(content, "image", "png", cid=f"<{name}>")
    return mail.as_bytes()


def test_a_mails_own_pictures_are_put_into_its_html_within_bounds() -> None:
    small, large = picture(80, 60, 5_000), picture(80, 60, INLINE_BYTES + 1)
    shown = read_html(mail_of([("a", small), ("b", large), ("c", b"<svg/>"), ("a", picture(8, 6, 900))]))
    assert shown.markup.count('src="data:image/png;base64,') == 2  # a, at both places: the first of that name
    assert shown.left_out == 2
    assert base64.b64encode(small).decode()[:4000] in shown.markup


def test_all_of_them_together_have_a_bound_too() -> None:
    many = [(f"p{number}", picture(80, 60, INLINE_BYTES - 10)) for number in range(5)]
    shown = read_html(mail_of(many))
    assert shown.markup.count('src="data:') == INLINE_TOTAL // INLINE_BYTES
