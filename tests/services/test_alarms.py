"""Alarms: raised once, told by mail until that works, told again after a day, taken back on recovery."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from functools import partial

import pytest

from tests.review.factory import make_mail, make_raw, make_reply
from tests.servers.smtp_sink import Sink, sink
from worker.clock import database_now
from worker.mail.server import parse_server
from worker.mail.smtp import Sender
from worker.models import Control, Event, Folder, Mail, MailState, ReplyState
from worker.services.alarms import News, check_alarms, find_trouble
from worker.services.controls import ALARM, beat, fall_silent, note_tokens, stop_replies
from worker.services.tell_operators import load_words, tell_operators, write_letter

__all__ = ["sink"]
pytestmark = pytest.mark.django_db
OURS = "aspoktatas@allamkincstar.gov.hu"


class Post:
    """Keeps the news; `works` says whether telling does."""

    def __init__(self) -> None:
        self.letters: list[News] = []
        self.works = True

    def __call__(self, news: News) -> bool:
        if self.works:
            self.letters.append(news)
        return self.works


def fail_one() -> Mail:
    """One mail in quarantine."""
    return make_mail(make_raw("?"), state=MailState.FAILED, failure="KeyError")


def pass_time(**ago: float) -> None:
    """Let every alarm look so much older."""
    for row in Control.objects.filter(name__startswith=ALARM):
        Control.objects.filter(pk=row.pk).update(at=row.at - timedelta(**ago))


def test_nothing_is_wrong_with_an_empty_ledger() -> None:
    post = Post()
    check_alarms(post)
    assert post.letters == []
    assert find_trouble(database_now()) == {}


def test_an_alarm_is_told_once_and_its_end_too() -> None:
    post, mail = Post(), fail_one()
    check_alarms(post)
    check_alarms(post)
    assert post.letters == [News({"quarantine": "1"}, {}, ())]
    Mail.objects.filter(pk=mail.pk).update(state=MailState.STORED)
    check_alarms(post)
    check_alarms(post)
    assert post.letters[1:] == [News({}, {}, ("quarantine",))]
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["alarm_raised", "alarm_cleared"]
    assert not Control.objects.filter(name__startswith=ALARM).exists()


def test_it_is_told_again_after_a_day() -> None:
    post = Post()
    fail_one()
    check_alarms(post)
    pass_time(hours=25)
    check_alarms(post)
    check_alarms(post)
    assert post.letters[1:] == [News({}, {"quarantine": "1"}, ())]


def test_what_could_not_be_told_is_tried_again() -> None:
    post = Post()
    post.works = False
    fail_one()
    check_alarms(post)
    post.works = True
    check_alarms(post)
    assert post.letters == []  # a moment later the server is hardly better
    pass_time(minutes=6)
    check_alarms(post)
    assert [letter.raised for letter in post.letters] == [{"quarantine": "1"}]


def test_what_lasts_and_could_not_be_told_again_is_tried_again_soon() -> None:
    post = Post()
    fail_one()
    check_alarms(post)
    pass_time(hours=25)
    post.works = False
    check_alarms(post)
    post.works = True
    pass_time(minutes=6)
    check_alarms(post)
    assert post.letters[1:] == [News({}, {"quarantine": "1"}, ())]


def test_what_is_over_while_it_is_told_is_told_to_be_over() -> None:
    mail, heard = fail_one(), list[News]()

    def tell(news: News) -> bool:
        """Meanwhile another process sees that all is well again."""
        heard.append(news)
        if len(heard) == 1:
            Mail.objects.filter(pk=mail.pk).update(state=MailState.STORED)
            check_alarms(tell)
        return True

    check_alarms(tell)
    check_alarms(tell)
    assert heard == [News({"quarantine": "1"}, {}, ()), News({}, {}, ("quarantine",))]
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["alarm_raised", "alarm_cleared"]


def test_what_nobody_heard_of_needs_no_end() -> None:
    post = Post()
    post.works = False
    mail = fail_one()
    check_alarms(post)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.STORED)
    post.works = True
    check_alarms(post)
    assert post.letters == []


def test_each_trouble_has_its_name_and_figure() -> None:
    now = database_now()
    beat("watcher")
    Control.objects.update(at=now - timedelta(minutes=7))
    Folder.objects.create(
        mailbox="a", name="INBOX", uidvalidity=1, polled_at=now - timedelta(minutes=30), held="uidvalidity"
    )
    late = make_mail(make_raw("?"), state=MailState.STORED)
    Mail.objects.filter(pk=late.pk).update(stored_at=now - timedelta(minutes=12))
    make_reply(make_mail(make_raw("?")), state=ReplyState.UNCERTAIN, data_started_at=now)
    waiting = make_reply(make_mail(make_raw("?")), state=ReplyState.RETRYING)
    type(waiting).objects.filter(pk=waiting.pk).update(created_at=now - timedelta(minutes=45))
    assert find_trouble(now) == {
        "watcher_silent": "7",
        "poll_late": "30",
        "mails_stuck": "12",
        "replies_stuck": "45",
        "replies_uncertain": "1",
        "folder_held": "1",
    }
    stop_replies("replies_per_hour")
    stopped = find_trouble(now)
    assert "replies_stuck" not in stopped  # they wait on purpose
    assert stopped["replies_stopped"] == "1"


def test_tokens_that_cannot_be_renewed() -> None:
    now = database_now()
    note_tokens("imap", now + timedelta(minutes=30), None)
    note_tokens("smtp", None, now - timedelta(minutes=4))
    assert find_trouble(now) == {"token_failing": "4"}
    note_tokens("smtp", now + timedelta(minutes=30), None)
    assert find_trouble(now) == {}


def test_a_watcher_that_ended_in_good_order_is_no_alarm() -> None:
    beat("watcher")
    Control.objects.update(at=database_now() - timedelta(minutes=7))
    fall_silent("watcher")
    assert find_trouble(database_now()) == {}


def test_the_letter_reaches_the_operators(sink: Sink) -> None:
    fail_one()
    sender = Sender(parse_server(sink.url(), "smtp"))
    check_alarms(partial(tell_operators, sender=sender, address=OURS, recipients=("uzem@pelda.hu", "it@pelda.hu")))
    sender.close()
    [taken] = sink.accepted
    assert taken.recipients == ("uzem@pelda.hu", "it@pelda.hu")
    letter = message_from_bytes(taken.data, policy=policy.default)
    assert letter["Subject"] == "[ASP Oktatás] Riasztás: levél van a karanténban"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Karanténban lévő levelek száma: 1." in letter.get_content()


def test_a_refusing_server_leaves_it_untold(sink: Sink) -> None:
    sink.order("MAIL", "451 later")
    fail_one()
    sender = Sender(parse_server(sink.url(), "smtp"))
    check_alarms(partial(tell_operators, sender=sender, address=OURS, recipients=("uzem@pelda.hu",)))
    sender.close()
    assert Control.objects.get(name=ALARM + "quarantine").value["told"] is False


@pytest.mark.parametrize("name", sorted(load_words()))
def test_every_alarm_has_words(name: str) -> None:
    text = write_letter(News({name: "3"}, {name: "3"}, (name,)), OURS, ("uzem@pelda.hu",)).get_content()
    assert "{" not in text
    assert text.count("Teendő:") == 2
    assert all(len(line) <= 78 for line in text.splitlines())
