"""The open day after a purge or an erasure of its mails: emptied rows count as before."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from config.privacy import Retention
from registry.models import Registration, RegistrationStatus
from review.overview.sums import add_up
from tests.review.factory import make_user
from tests.services.correspondence import LONG_AGO, Correspondence, request, write
from worker.models import Mail, MailState
from worker.services.erase_person import EraseRefusedError, erase_person
from worker.services.find_person import Question, find_person
from worker.services.measure import measure_day
from worker.services.open_day import keep_open_day, measure_open_day
from worker.services.retain import empty_twins, purge

pytestmark = pytest.mark.django_db
DAY = LONG_AGO.date()
LATER = datetime(2040, 1, 1, tzinfo=UTC)  # due by any retention is what these tests write
OF_NOW: dict[str, Any] = {"queue": {}, "decisions": {}}  # what of the figures is not of the day's mails


def figures() -> dict[str, Any]:
    """Those of the day by what is kept of it, which are those that counting all gives."""
    found: dict[str, Any] = add_up(measure_open_day(DAY))
    assert found == measure_day(DAY)
    return found


def keep() -> int:
    return keep_open_day(DAY, size=4)


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def day(worker: Correspondence) -> list[Mail]:
    """A day's mails, read, answered where something lacks, filed, and kept in slices."""
    names = ("Kovács Anna", "Szabó Piroska", "Nagy Ilona", "Tóth Mária", "Varga Edit")
    letters = [
        write(request(**{"Név": name, "PIR": pir, "E-mail": address}), sender=address)
        for turn, pir in enumerate(("740746", None, "740746"))
        for place, name in enumerate(names)
        for address in (f"e{place}.{turn}@tiszacsege.hu",)
    ]
    worker.receive(*letters)
    for place, mail in enumerate(Mail.objects.order_by("pk")):
        moment = LONG_AGO + timedelta(minutes=place)
        Mail.objects.filter(pk=mail.pk).update(
            received_at=moment, stored_at=moment, state=MailState.FILED, filed_at=moment, filed_as="moved"
        )
    while keep():
        pass
    assert len(measure_open_day(DAY)) == 4, "three slices and the rest"
    return list(Mail.objects.order_by("pk"))


def test_a_person_is_erased_and_the_day_counts_as_before(day: list[Mail], user: User) -> None:
    before = figures()
    held = find_person(Question(address="e0.1@tiszacsege.hu"))
    with pytest.raises(EraseRefusedError):
        erase_person(held, user, "request", withdraw=False, address="e0.1@tiszacsege.hu")
    assert figures() == before
    assert keep() == 0
    done = erase_person(held, user, "request", withdraw=True, address="e0.1@tiszacsege.hu")
    assert (done["mails"], done["requests"]) == (1, 1)
    after = figures()
    assert after | OF_NOW == before | OF_NOW
    assert keep() == 1, "the slice of the erased mail, and no other"
    assert figures() == after


def test_what_is_purged_on_its_own_day_counts_as_before(day: list[Mail]) -> None:
    Registration.objects.update(status=RegistrationStatus.WITHDRAWN)
    before = figures()
    done = purge(Retention(), now=LATER)
    assert done.mails["case"] == len(day)
    assert figures() == before
    keep()
    assert figures() == before


def test_a_mail_that_was_purged_and_comes_once_more_is_a_twin_and_counts_once(
    day: list[Mail], worker: Correspondence
) -> None:
    Registration.objects.update(status=RegistrationStatus.WITHDRAWN)
    before, twin = figures(), day[0]
    raw = zlib.decompress(twin.original.data)
    purge(Retention(), now=LATER)
    worker.uidvalidity += 1
    again = worker.receive_one(raw)
    assert again.twin_of_id == twin.pk
    filed = {"state": MailState.FILED, "filed_at": again.stored_at, "filed_as": "moved"}
    Mail.objects.filter(pk=again.pk).update(received_at=twin.received_at, **filed)
    assert empty_twins() == 1
    assert figures() == before
    keep()
    assert figures() == before
