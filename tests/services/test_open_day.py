"""The open day: whatever was kept and whatever happened since, its figures are those that counting all gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from registry.models import Registration
from registry.services.change import Target
from registry.services.correct import Correction, correct
from review.overview.sums import add_up
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_reply, make_user
from tests.services.correspondence import LONG_AGO, Correspondence, request, write
from worker.models import Control, Event, Mail, ReplyState
from worker.services.measure import bounds, measure_day
from worker.services.open_day import KEPT, keep_open_day, measure_open_day

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 25)  # of 25 hours
COUNTIES = ("Pest", "Zala", "Vas")


def check() -> None:
    assert add_up(measure_open_day(DAY)) == measure_day(DAY)


def keep(most: int = 3) -> int:
    return keep_open_day(DAY, most, size=4)


class Happenings:
    """What may happen to a ledger, by chance; each writes what the product writes."""

    def __init__(self, seed: int) -> None:
        self.chance, self.user = random.Random(seed), make_user()

    def moment(self) -> datetime:
        """Of the day, or a little before or after it; now and then of its very edge, or one that others have."""
        begin, end = bounds(DAY)
        edges = [begin, end - timedelta(microseconds=1), end, begin - timedelta(microseconds=1)]
        if self.chance.random() < 0.2:
            return self.chance.choice(edges)
        return begin.astimezone(UTC) + timedelta(minutes=self.chance.randrange(-3, 26 * 6 + 3) * 10)

    def arrive(self) -> None:
        """Several mails that nobody has read."""
        for _ in range(self.chance.randrange(1, 6)):
            make_mail(make_raw("x"), state="stored", kind="", outcomes=(), received_at=self.moment())

    def ask(self) -> None:
        """A request."""
        row = make_registration(Applicant(county=self.chance.choice(COUNTIES)), received_at=self.moment())
        Mail.objects.filter(pk=row.mail_id).update(linked_by=self.chance.choice(["opened", "reply"]))
        Event.objects.create(verb="decided", mail=row.mail)

    def decide(self) -> None:
        """What waits, or once more."""
        mail = self.mail()
        outcome = self.chance.choice(["route", "review", "reply_missing", "ignore"])
        problems = ["pir_missing"] * self.chance.randrange(3)
        values = {"outcomes": [outcome], "problems": problems, "decided_at": mail.received_at, "linked_by": "opened"}
        Mail.objects.filter(pk=mail.pk).update(state="decided", kind="registration", **values)
        Event.objects.create(verb="decided", mail=mail)

    def fail(self) -> None:
        mail = self.mail()
        Mail.objects.filter(pk=mail.pk).update(state="failed")
        Event.objects.create(verb="failed", mail=mail)

    def answer(self) -> None:
        mail, sent = self.mail(), self.moment()
        state, author = ReplyState.SENT, self.user
        reply = make_reply(mail, kind="staff", author=author, state=state, sent_at=sent, data_started_at=sent)
        Event.objects.create(verb="sent", mail=None if self.chance.random() < 0.5 else mail, reply=reply)

    def correct(self) -> None:
        """Staff's events name no mail."""
        row = self.chance.choice(list(Registration.objects.order_by("pk")))
        Registration.objects.filter(pk=row.pk).update(county=self.chance.choice(COUNTIES))
        details = {"from": "ready", "changed": {"county": ["", ""]}}
        Event.objects.create(verb="corrected", actor=self.user, registration=row, at=self.moment(), details=details)
        Event.objects.create(verb="approved", actor=self.user, registration=row, at=self.moment(), details=details)

    def mail(self) -> Mail:
        return self.chance.choice(list(Mail.objects.order_by("pk")))


@pytest.mark.parametrize("seed", range(6))
def test_the_figures_are_those_that_counting_all_gives(seed: int) -> None:
    here = Happenings(seed)
    acts: list[Callable[[], object]] = [here.arrive, here.decide, here.fail, here.answer, here.ask, here.correct]
    for _ in range(12):
        here.ask()
    keep()
    counted = 0
    for _ in range(40):
        here.chance.choice(acts)()
        counted += keep(here.chance.randrange(4)) if here.chance.random() < 0.4 else 0
        if here.chance.random() < 0.5:
            check()
    check()
    assert counted > 10
    while keep():
        pass
    assert len(measure_open_day(DAY)) > 3
    assert keep() == 0
    check()


def test_a_slice_into_which_many_came_late_becomes_several() -> None:
    begin = bounds(DAY)[0]
    for minute in range(0, 60, 10):
        make_mail(make_raw("x"), received_at=begin + timedelta(minutes=minute))
    assert keep() == 1
    for minute in range(20):  # another mailbox, which was out of reach
        make_mail(make_raw("x"), received_at=begin + timedelta(minutes=minute))
    assert keep() == 1
    assert max(sum(part["arrivals"].values()) for part in measure_open_day(DAY)) <= 5
    check()


def test_another_day_begins_anew() -> None:
    for hour in range(24):
        make_mail(make_raw("x"), received_at=bounds(DAY)[0] + timedelta(hours=hour))
    assert keep(9) == 5
    tomorrow = DAY + timedelta(days=1)
    make_mail(make_raw("x"), received_at=bounds(tomorrow)[0])
    assert add_up(measure_open_day(tomorrow)) == measure_day(tomorrow)
    assert keep_open_day(tomorrow, size=4) == 0  # too few to keep
    assert Control.objects.get(pk=KEPT).value["day"] == str(DAY)
    check()


def test_only_what_changed_is_counted_again() -> None:
    mails = [make_mail(make_raw("x"), received_at=bounds(DAY)[0] + timedelta(minutes=one)) for one in range(21)]
    assert keep(9) == 5
    assert [len(measure_open_day(DAY)), keep()] == [6, 0]
    Event.objects.create(verb="sent", mail=mails[2])
    Event.objects.create(verb="sent", mail=mails[3])
    assert [len(measure_open_day(DAY)), keep()] == [5, 1]
    make_mail(make_raw("x"), received_at=mails[9].received_at)  # INTERNALDATE long ago
    assert [len(measure_open_day(DAY)), keep()] == [5, 1]
    make_mail(make_raw("x"), received_at=bounds(DAY)[1])
    Event.objects.create(verb="alarm_raised")
    assert [len(measure_open_day(DAY)), keep()] == [6, 0]


def test_a_look_that_finds_nothing_new_writes_nothing() -> None:
    happenings = Happenings(3)
    for _ in range(20):
        happenings.ask()
    while keep():
        pass
    assert Control.objects.filter(pk=KEPT).exists()
    with CaptureQueriesContext(connection) as asked:
        assert keep() == 0
    assert {one["sql"].split()[0] for one in asked.captured_queries} == {"SELECT"}
    happenings.decide()
    check()


def test_the_number_of_queries_is_fixed() -> None:
    make_mail(make_raw("x"), received_at=bounds(DAY)[0])
    mails = [make_mail(make_raw("x"), received_at=bounds(DAY)[0] + timedelta(minutes=one)) for one in range(30)]
    asked = []
    for written in ([], mails[:1], mails[::5], mails):
        keep(9)
        Event.objects.bulk_create(Event(verb="sent", mail=mail) for mail in written)
        with CaptureQueriesContext(connection) as said:
            check()
        asked.append(len(said))
    assert len(set(asked)) == 1


def test_what_the_product_itself_writes_is_noticed(worker: Correspondence) -> None:
    def check_then() -> None:
        assert add_up(measure_open_day(LONG_AGO.date())) == measure_day(LONG_AGO.date())
        keep_open_day(LONG_AGO.date(), size=4)

    def letters(number: int) -> list[bytes]:
        return [write(request(PIR=None if one % 2 else "740746")) for one in range(number)]

    worker.receive(*letters(9))
    Mail.objects.update(received_at=LONG_AGO)
    moments = [LONG_AGO + timedelta(minutes=one) for one in range(9)]
    for mail, moment in zip(Mail.objects.order_by("pk"), moments, strict=True):
        Mail.objects.filter(pk=mail.pk).update(received_at=moment)
    check_then()
    assert len(measure_open_day(LONG_AGO.date())) == 3
    worker.store(*letters(3))  # nothing but a new mail
    check_then()
    worker.decide()
    check_then()
    row, user = Registration.objects.order_by("pk")[0], make_user()
    values = {name: getattr(row, name) for name in Correction.__dataclass_fields__ if name != "notes"}
    correct(Target(row.pk, row.version), user, Correction(**(values | {"county": "Zala"})), approve=False)
    check_then()
    assert add_up(measure_open_day(LONG_AGO.date()))["counties"]["Zala"] == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="it has one writer at a time")
def test_what_another_transaction_held_meanwhile_is_noticed_when_it_ends() -> None:
    mails = [make_mail(make_raw("x"), received_at=bounds(DAY)[0] + timedelta(minutes=one)) for one in range(9)]
    both = Barrier(2)

    def write_slowly() -> None:
        with transaction.atomic():
            Mail.objects.filter(pk=mails[0].pk).update(state="failed")
            Event.objects.create(verb="failed", mail=mails[0])
            both.wait()
            both.wait()
        connections.close_all()

    with ThreadPoolExecutor(1) as other:
        done = other.submit(write_slowly)
        both.wait()
        Event.objects.create(verb="sent", mail=mails[8])  # has the larger key, and is seen first
        assert [keep(), keep()] == [2, 0]
        check()
        both.wait()
        done.result()
    assert add_up(measure_open_day(DAY))["arrivals"] == {"route": 8, "failed": 1}
    assert keep() == 1
    check()
