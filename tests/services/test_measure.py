"""Measure and roll up: a day's figures from real rows, kept, and counted again only while the day is young."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from registry.models import Registration
from rules.model import Problem, Status
from tests.review.factory import Applicant, make_mail, make_raw, make_registration, make_reply, make_user
from tests.services.correspondence import LONG_AGO, Correspondence, request, write
from worker.figures import DayFigures
from worker.models import Event, Mail, ReplyState
from worker.services.measure import bounds, main_outcome, measure_day, measure_queue, within
from worker.services.roll_up import get_days, roll_up, roll_up_now_and_then

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def test_a_day_is_a_day_in_budapest() -> None:
    assert bounds(date(2026, 10, 25)) == (
        datetime(2026, 10, 24, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 23, tzinfo=UTC),  # the clocks go back: 25 hours
    )
    late = make_mail(make_raw("x"), received_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    assert measure_day(DAY)["arrivals"] == {}
    assert measure_day(date(2026, 11, 21))["arrivals"] == {"route": 1}
    make_mail(make_raw("x"), received_at=late.received_at, twin_of=late, answerable=False)
    assert measure_day(date(2026, 11, 21))["arrivals"] == {"route": 1}  # a twin is no second mail


def test_what_became_of_mails_and_how_soon_they_were_answered() -> None:
    first = make_mail(make_raw("a"), outcomes=("reply_missing",), received_at=NOON, linked_by="opened")
    make_mail(make_raw("b"), outcomes=("reply_missing", "review"), received_at=NOON, linked_by="opened")
    make_mail(make_raw("c"), outcomes=("route",), received_at=NOON, linked_by="opened")
    make_mail(make_raw("d"), state="failed", received_at=NOON)
    for seconds in (40, 4000):
        moment = NOON + timedelta(seconds=seconds)
        author = None if seconds == 40 else make_user()
        kind = "missing" if author is None else "staff"
        make_reply(first, state=ReplyState.SENT, sent_at=moment, data_started_at=moment, author=author, kind=kind)
    figures = measure_day(DAY)
    assert figures["arrivals"] == {"reply_missing": 1, "review": 1, "route": 1, "failed": 1}
    assert figures["answers"] == {"worker": {"60": 1}, "staff": {}}  # the first letter counts
    assert figures["first_mail"] == {"incomplete": 1, "review": 1, "complete": 1}


def test_what_was_missing_and_where_from() -> None:
    applicant = Applicant(pir="", status=Status.INCOMPLETE, problems=(Problem.PIR_MISSING,))
    row = make_registration(applicant, received_at=NOON)
    Mail.objects.filter(pk=row.mail_id).update(outcomes=["reply_missing"], linked_by="opened")
    figures = measure_day(DAY)
    assert figures["missing"] == {"pir_missing": 1}
    assert figures["counties"] == {"Hajdú-Bihar": 1}
    Registration.objects.update(problems=[])  # completed later: the first mail lacked it all the same
    assert measure_day(DAY)["missing"] == {"pir_missing": 1}


def test_what_was_missing_is_kept_beside_the_verdict(worker: Correspondence) -> None:
    by_herself = write(
        request(Név="Nagy Éva", E_mail="nagy.eva@tab.hu", PIR=None),
        sender="nagy.eva@tab.hu",
        answers="<nobodys@tab.hu>",
    )
    mails = worker.receive(write(request(PIR=None)), by_herself, write(request(PIR=None), sender="robot@x.hu", cc=""))
    said = [[problem for one in (mail.verdict or {})["people"] for problem in one["problems"]] for mail in mails]
    assert [mail.problems for mail in mails] == said
    before = measure_day(LONG_AGO.date())["missing"]
    assert before["pir_missing"] > 1
    Mail.objects.filter(pk=mails[0].pk).update(problems=None)  # decided by an earlier release
    assert measure_day(LONG_AGO.date())["missing"] == before
    Mail.objects.exclude(pk=mails[0].pk).update(verdict=None)
    assert measure_day(LONG_AGO.date())["missing"] == before
    Mail.objects.filter(pk=mails[0].pk).update(state="stored", problems=["pir_unknown"])
    worker.decide()  # again: nothing of the first time stays
    assert Mail.objects.get(pk=mails[0].pk).problems == said[0]


def test_who_answered_first_and_within_which_second() -> None:
    def letter(mail: Mail, seconds: float, kind: str = "missing", state: str = ReplyState.SENT) -> None:
        moment = NOON + timedelta(seconds=seconds)
        sent = moment if state == ReplyState.SENT else None
        author = make_user() if kind == "staff" else None
        make_reply(mail, kind=kind, state=state, author=author, sent_at=sent, data_started_at=sent)

    mails = [make_mail(make_raw(str(number)), received_at=NOON) for number in range(8)]
    for mail, seconds in zip(mails, (15.0, 15.000001, -3.5, 31 * 86_400.0, 14.9997, 30.0003), strict=False):
        letter(mail, seconds)
    letter(mails[6], 50, kind="staff")
    letter(mails[6], 50)  # written later, sent in the same moment
    letter(mails[7], 20, state=ReplyState.DRAFT)
    make_mail(make_raw("0"), received_at=NOON, twin_of=mails[0], answerable=False)
    letter(Mail.objects.latest("pk"), 1)
    assert measure_day(DAY)["answers"] == {"worker": {"15": 3, "30": 1, "60": 1, "later": 1}, "staff": {"60": 1}}


def test_staffs_decisions_against_the_workers() -> None:
    user, row = make_user(), make_registration(received_at=NOON)
    other, third = make_registration(received_at=NOON), make_registration(received_at=NOON)

    def happened(verb: str, registration: Registration, **details: object) -> None:
        Event.objects.create(verb=verb, at=NOON, actor=user, registration=registration, details=details)

    happened("approved", row, **{"from": "ready", "changed": {}})
    happened("corrected", other, **{"from": "ready", "changed": {"pir": ["1", "2"]}})
    happened("approved", other, **{"from": "ready", "changed": {}})
    happened("approved", third, **{"from": "review", "changed": {}})
    happened("rejected", third, **{"from": "ready", "changed": {}})
    Event.objects.create(verb="approved", at=NOON, registration=row, details={"from": "ready"})  # no person did it
    draft = make_reply(row.mail)
    edited = make_reply(row.mail, kind="reminder")
    Event.objects.create(verb="reply_edited", at=NOON, actor=user, reply=edited, mail=row.mail)
    for reply in (draft, edited):
        Event.objects.create(verb="reply_released", at=NOON, actor=user, reply=reply, mail=row.mail)
    decisions = measure_day(DAY)["decisions"]
    assert decisions["agreed"] == decisions["corrected"] == decisions["by_hand"] == decisions["rejected"] == 1
    assert decisions["letter_agreed"] == decisions["letter_edited"] == 1


def test_the_queue_by_status_and_age() -> None:
    for days, status in ((0, "ready"), (2, "ready"), (40, "incomplete"), (5, "registered")):
        row = make_registration(status=status)
        Registration.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days, minutes=1))
    assert measure_queue() == {"ready": {"1": 1, "3": 1}, "incomplete": {"later": 1}, "review": {}}


def test_words_and_buckets() -> None:
    assert main_outcome("failed", ()) == "failed"
    assert main_outcome("decided", ("reply_missing", "review")) == "review"
    assert main_outcome("stored", ()) == "waiting"
    assert (within(0.5), within(15), within(61), within(10**9)) == ("15", "15", "120", "later")


def test_past_days_are_kept_and_young_ones_counted_again_the_next_day() -> None:
    now = timezone.now().replace(hour=11)  # the clocks may have gone back since: at midnight a day more or less
    make_mail(make_raw("a"), received_at=now - timedelta(days=60))
    make_mail(make_raw("b"), received_at=now - timedelta(days=3))
    assert roll_up(now, most=1000) == DayFigures.objects.count() == 60
    assert roll_up(now) == 0
    Mail.objects.update(state="failed")
    DayFigures.objects.update(made_at=now - timedelta(days=2))
    assert roll_up(now, most=1000) == 35
    figures = get_days([(now - timedelta(days=days)).date() for days in (60, 3)])
    assert sorted(next(iter(one["arrivals"])) for one in figures.values()) == ["failed", "route"]  # the old day stays


def test_now_and_then_is_once_in_ten_minutes() -> None:
    make_mail(make_raw("a"), received_at=timezone.now() - timedelta(days=2))
    assert roll_up_now_and_then() > 0
    DayFigures.objects.all().delete()
    assert roll_up_now_and_then() == 0
