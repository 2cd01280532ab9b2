"""What alarms leave behind: an event and a log line each that name them, and no alarm is taken for another."""

from __future__ import annotations

import logging

import pytest

from tests.services.test_alarms import Post, fail_one, pass_time
from worker.models import Control, Event, Mail, MailState
from worker.services.alarms import News, check_alarms
from worker.services.controls import ALARM, stop_replies

pytestmark = pytest.mark.django_db


def test_events_and_log_name_the_alarm_and_its_figure(caplog: pytest.LogCaptureFixture) -> None:
    fail_one()
    mail, post = fail_one(), Post()
    with caplog.at_level(logging.WARNING, "worker.services.alarms"):
        check_alarms(post)
        Mail.objects.update(state=MailState.DECIDED, decided_at=mail.stored_at, kind="other")
        check_alarms(post)
    assert [record.getMessage() for record in caplog.records] == ["alarm: quarantine (2)", "alarm over: quarantine"]
    assert list(Event.objects.order_by("pk").values_list("verb", "details")) == [
        ("alarm_raised", {"alarm": "quarantine", "figure": "2"}),
        ("alarm_cleared", {"alarm": "quarantine"}),
    ]


def test_of_two_that_began_together_one_ends_alone() -> None:
    post, mail = Post(), fail_one()
    stop_replies("hourly_budget")
    check_alarms(post)
    assert post.letters == [News({"quarantine": "1", "replies_stopped": "1"}, {}, ())]
    Mail.objects.filter(pk=mail.pk).update(state=MailState.DECIDED, decided_at=mail.stored_at, kind="other")
    check_alarms(post)
    assert post.letters[1:] == [News({}, {}, ("quarantine",))]
    assert list(Control.objects.filter(name__startswith=ALARM).values_list("name", flat=True)) == [
        f"{ALARM}replies_stopped"
    ]


def test_of_two_that_nobody_heard_of_one_ends_alone() -> None:
    post, mail = Post(), fail_one()
    post.works = False
    stop_replies("hourly_budget")
    check_alarms(post)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.DECIDED, decided_at=mail.stored_at, kind="other")
    check_alarms(post)
    post.works = True
    pass_time(minutes=6)
    check_alarms(post)
    assert post.letters == [News({"replies_stopped": "1"}, {}, ())]
    assert Event.objects.filter(verb="alarm_cleared").count() == 1


def test_what_is_over_but_could_not_be_told_is_told_later() -> None:
    post, mail = Post(), fail_one()
    check_alarms(post)
    post.works = False
    Mail.objects.filter(pk=mail.pk).update(state=MailState.DECIDED, decided_at=mail.stored_at, kind="other")
    check_alarms(post)
    [row] = Control.objects.filter(name__startswith=ALARM)
    assert (row.value["over"], row.value["told"], row.value["figure"]) == (True, False, "1")
    post.works = True
    pass_time(minutes=6)
    check_alarms(post)
    assert post.letters[1:] == [News({}, {}, ("quarantine",))]
    assert not Control.objects.filter(name__startswith=ALARM).exists()
