"""Originals large and small, written and read in pieces."""

from __future__ import annotations

import random
import zlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.review.factory import make_mail
from worker.models import Mail, Original
from worker.packing import PIECE, pack, unpack
from worker.services.originals import SMALL, keep_originals, load_small

NOISE = random.Random(1).randbytes(3 * PIECE)


@pytest.mark.parametrize("raw", [b"", b"x", b"ab" * PIECE, NOISE])
def test_what_was_packed_comes_out_again(raw: bytes) -> None:
    packed = pack(raw)
    assert zlib.decompress(packed) == raw
    assert unpack([packed]) == raw
    assert unpack(packed[start : start + 1000] for start in range(0, len(packed), 1000)) == raw
    assert unpack([packed], 5) == raw[:5]


def test_bytes_that_end_too_early_are_no_mail() -> None:
    with pytest.raises(zlib.error):
        unpack([pack(NOISE)[:-1]])


@pytest.mark.django_db
@pytest.mark.parametrize("size", [10, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7])
def test_packed_bytes_of_any_size_are_kept_as_they_are(size: int) -> None:
    mail = _mail()
    keep_originals([(mail, NOISE[:size])])
    assert bytes(Original.objects.get(pk=mail.pk).data) == NOISE[:size]
    assert b"".join(Mail.objects.get(pk=mail.pk)._packed()) == NOISE[:size]


@pytest.mark.django_db
def test_a_large_mail_is_read_as_it_was() -> None:
    mail = _mail()
    keep_originals([(mail, pack(NOISE))])
    again = Mail.objects.get(pk=mail.pk)
    assert again.raw == NOISE
    assert again.beginning(100) == NOISE[:100]


@pytest.mark.django_db
def test_a_mail_without_original_is_an_error() -> None:
    with pytest.raises(Original.DoesNotExist):
        _ = _mail().raw


@pytest.mark.django_db
def test_only_small_ones_are_read_together() -> None:
    mails = [_mail(size) for size in (10, SMALL, SMALL + 1)]
    keep_originals((mail, pack(b"x")) for mail in mails)
    found = list(Mail.objects.filter(pk__in=[mail.pk for mail in mails]).order_by("pk"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load_small(found)
        assert [mail.raw for mail in found] == [b"x"] * 3
    assert len(queries) == 2


def _mail(size: int = 10) -> Mail:
    mail = make_mail(b"x")
    Original.objects.filter(pk=mail.pk).delete()
    Mail.objects.filter(pk=mail.pk).update(size=size)
    return Mail.objects.get(pk=mail.pk)
