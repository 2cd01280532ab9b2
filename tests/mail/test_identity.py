"""Recognising a mail when it comes again."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.mail.identity import PIECE, identify

MAIL = b"Received: from a\r\nFrom: a@b.hu\r\nMessage-ID: <1@b.hu>\r\nSubject: x\r\n\r\nszoveg\r\n"


def test_message_id() -> None:
    assert identify(MAIL).message_id == "<1@b.hu>"


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"from a", b"from elsewhere"),
        MAIL.replace(b"\r\n", b"\n"),
        b"Delivered-To: x@y.hu\r\n" + MAIL,
        MAIL + b"\r\n",
        MAIL.replace(b"Message-ID: <1", b"Message-ID:\r\n <1"),
    ],
)
def test_the_same_mail_delivered_again(other: bytes) -> None:
    assert identify(other) == identify(MAIL)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"szoveg", b"mas"),
        MAIL.replace(b"<1@", b"<2@"),
        MAIL.replace(b"Subject: x", b"Subject: y"),
        MAIL.replace(b"From: a", b"From: c"),
    ],
)
def test_another_mail(other: bytes) -> None:
    assert identify(other).digest != identify(MAIL).digest


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"Message-ID: no brackets", "no brackets"),
        (b"MESSAGE-ID:<a@b>", "<a@b>"),
        (b"Message-ID:\r\n <a@b>", "<a@b>"),
        (b"Message-ID: <[abc@microsoft.com]>", "<[abc@microsoft.com]>"),
        (b"Message-ID: a\x00b", "ab"),
        (b"X: 1", ""),
    ],
)
def test_odd_message_ids(field: bytes, expected: str) -> None:
    assert identify(field + b"\r\n\r\n").message_id == expected


@pytest.mark.parametrize("shift", range(-3, 4))
@pytest.mark.parametrize("end", [b"", b"\r\n", b" \t\r\n" * PIECE, b"x"])
def test_a_large_body_is_taken_in_as_a_whole(shift: int, end: bytes) -> None:
    """Also where a line end lies on the border of two pieces."""
    body = b"a" * (PIECE + shift) + b"\r\n" + b"b\r\n\n\r" * (PIECE // 3) + end
    digest = sha256(b"from:a\n\n" + body.replace(b"\r\n", b"\n").rstrip()).hexdigest()
    assert identify(b"From: a\r\n\r\n" + body).digest == digest


@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    identity = identify(raw)
    assert len(identity.digest) == 64
    assert len(identity.message_id) <= 998
    assert "\x00" not in identity.message_id
