"""Waiting cases: one reminder, then the closing; never while something else is going on."""

from __future__ import annotations

import email
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import Message

import pytest
from django.contrib.auth import get_user_model
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from registry.models import Handling, HandlingOutcome, Registration
from registry.services.change import Target
from registry.services.reopen import reopen
from tests.servers.smtp_sink import Sink
from tests.servers.standin import THINKING, make_mail
from worker.models import Control, Conversation, Event, Folder, Mail, Reply
from worker.services.cases import load_case
from worker.services.controls import stop_replies
from worker.services.desk import Desk
from worker.services.leases import later
from worker.services.notify import Scribe
from worker.services.replying import Voice
from worker.services.wait import GROUP, look_after
from worker.services.workdays import BUDAPEST

ASKED = datetime(2026, 11, 2, 10, tzinfo=BUDAPEST)  # a Monday
FIVE_LATER = ASKED + timedelta(days=7)
TWENTY_LATER = ASKED + timedelta(days=28)
JUST_BEFORE = timedelta(minutes=-1)
Deliver = Callable[..., None]
Look = Callable[..., int]


@pytest.fixture
def look(make_desk: Callable[..., Desk]) -> Look:
    """Looks after the cases at a given moment, then sends what that wrote."""

    def at(now: datetime, **changes: object) -> int:
        desk = make_desk(**changes)
        number = look_after(Scribe(desk.environment, THINKING), now=now, at_once=True)
        desk.process()
        Reply.objects.filter(kind__in=["reminder", "closed"], state="sent").update(sent_at=now)
        return number

    return at


@pytest.fixture
def waiting(desk: Desk, deliver_mail: Deliver) -> Callable[[int], None]:
    """Makes so many cases whose letter went out at ASKED."""

    def make(number: int) -> None:
        deliver_mail(*(make_mail("hianyos", one) for one in range(1, number + 1)))
        desk.poll()
        desk.process()
        Mail.objects.update(stored_at=ASKED)
        Reply.objects.update(sent_at=ASKED, created_at=ASKED, data_started_at=ASKED)

    return make


@pytest.fixture
def case(waiting: Callable[[int], None]) -> Conversation:
    waiting(1)
    return Conversation.objects.get()


def headers(reply: Reply) -> Message:
    return email.message_from_bytes(bytes(reply.data))


def test_one_reminder_when_its_time_has_come(case: Conversation, look: Look, sink: Sink) -> None:
    letter = Reply.objects.get()
    assert look(FIVE_LATER + JUST_BEFORE) == 0
    assert look(FIVE_LATER) == 1
    reminder = Reply.objects.exclude(pk=letter.pk).get()
    assert (reminder.kind, reminder.author, reminder.state) == ("reminder", None, "sent")
    assert reminder.recipients == letter.recipients == list(sink.accepted[1].recipients)
    assert "PIR" in reminder.text
    assert headers(reminder)["In-Reply-To"] == letter.mail.message_id == "<1@mintafalu.example>"
    assert headers(reminder)["Auto-Submitted"].startswith("auto-")
    assert Event.objects.filter(verb="reminded", reply=reminder, mail=letter.mail).count() == 1
    for day in range(1, 20):
        assert look(FIVE_LATER + timedelta(days=day)) == 0, "one reminder, whatever happens"
    assert len(sink.accepted) == 2


def test_closing_comes_after_the_reminder_and_says_so(case: Conversation, look: Look, sink: Sink) -> None:
    look(FIVE_LATER)
    assert look(TWENTY_LATER + JUST_BEFORE) == 0
    assert look(TWENTY_LATER) == 1
    row = Registration.objects.get()
    assert row.status == "expired"
    assert Event.objects.get(verb="expired").registration == row
    case.refresh_from_db()
    assert case.closed_at == TWENTY_LATER
    assert Reply.objects.order_by("pk").values_list("kind", "state")[2] == ("closed", "sent")
    assert look(TWENTY_LATER + timedelta(days=30)) == 0
    assert len(sink.accepted) == 3


def test_a_late_reminder_moves_the_closing(case: Conversation, look: Look) -> None:
    assert look(TWENTY_LATER) == 1, "only the reminder: nobody is closed who was reminded a moment ago"
    assert Registration.objects.get().status == "incomplete"
    assert look(TWENTY_LATER + timedelta(days=20)) == 0
    assert look(TWENTY_LATER + timedelta(days=24)) == 1  # fifteen working days, and a feast among them
    assert Registration.objects.get().status == "expired"


def test_a_case_that_staff_reopened_is_closed_once_more(case: Conversation, look: Look, sink: Sink) -> None:
    look(FIVE_LATER)
    look(TWENTY_LATER)
    clerk = get_user_model().objects.create_user("ugyintezo")
    row = Registration.objects.get()
    reopen(Target(row.pk, row.version), clerk)
    Registration.objects.update(status="incomplete")
    asked = Reply.objects.earliest("pk")
    asked.pk, asked.kind, asked.author, asked.message_id = None, "staff", clerk, "<uj@kincstar.example>"
    asked.sent_at = TWENTY_LATER
    asked.save()
    assert look(TWENTY_LATER + timedelta(days=60)) == 1
    assert Registration.objects.get().status == "expired"
    assert Reply.objects.filter(kind="closed", state="sent").count() == 2


def test_a_case_that_fails_holds_up_no_other(waiting: Callable[[int], None], desk: Desk) -> None:
    waiting(2)
    first = Mail.objects.earliest("pk")

    class Faulty(Scribe):
        def voice_for(self, mail: Mail) -> Voice:
            if mail == first:
                raise KeyError
            return super().voice_for(mail)

    assert look_after(Faulty(desk.environment, THINKING), now=FIVE_LATER, at_once=True) == 1
    assert Reply.objects.get(kind="reminder").mail != first
    assert Conversation.objects.get(mails=first).reminded_at is None, "it is tried again"


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"replies": "draft"}, []),
        ({"replies": "off"}, []),
        ({"remind_after": 0, "close_after": 0}, []),
        ({"remind_after": 0}, ["closed"]),
        ({"close_after": 0}, ["reminder"]),
        ({"notices": frozenset({"closed"})}, ["closed"]),
        ({"remind_after": 0, "notices": frozenset()}, ["nothing"]),
    ],
)
def test_what_the_configuration_allows(
    case: Conversation, look: Look, changes: dict[str, object], kinds: list[str]
) -> None:
    look(TWENTY_LATER, **changes)
    assert list(Reply.objects.exclude(kind="missing").values_list("kind", flat=True)) == [
        kind for kind in kinds if kind != "nothing"
    ]
    expected = "expired" if {"closed", "nothing"} & set(kinds) else "incomplete"
    assert Registration.objects.get().status == expected


def unanswered_mail() -> None:
    """An answer came that nobody has dealt with."""
    mail = Mail.objects.get()
    Mail.objects.create(
        mailbox=mail.mailbox, folder=mail.folder, uidvalidity=mail.uidvalidity, uid=99, digest="x", size=1,
        received_at=ASKED, stored_at=ASKED + timedelta(hours=1), state="decided", kind="other", decided_at=ASKED,
        conversation=mail.conversation, linked_by="reply",
    )  # fmt: skip


COMPLETE: dict[str, str] = {
    "full_name": "Minta Éva", "municipality": "Mintafalu", "pir": "740009", "county": "Pest",
    "email": "minta.eva@mintafalu.example", "modules": "PM-2773-2105-BS",
}  # fmt: skip
BLOCKED: dict[str, Callable[[], object]] = {
    "an answer": unanswered_mail,
    "a mail that nobody has read yet": lambda: Mail.objects.filter(pk=Mail.objects.get().pk).update(state="stored"),
    "a folder that is held": lambda: Folder.objects.update(held="uidvalidity"),
    "a mailbox that nobody polls": lambda: Folder.objects.update(polled_at=later(-3600)),
    "the switch": lambda: stop_replies("staff"),
    "a request that needs a person": lambda: Registration.objects.update(status="review"),
    "a request that is complete": lambda: Registration.objects.update(status="approved", **COMPLETE),
    "a letter that came back": lambda: Event.objects.create(verb="bounced", reply=Reply.objects.get()),
    "a letter that may not have gone out": lambda: Reply.objects.update(state="uncertain"),
    "a letter that failed": lambda: Reply.objects.update(state="failed"),
}


@pytest.mark.parametrize("what", sorted(BLOCKED))
def test_nobody_is_reminded_while(case: Conversation, look: Look, what: str) -> None:
    BLOCKED[what]()
    assert look(TWENTY_LATER) == 0
    assert not Reply.objects.filter(kind__in=["reminder", "closed"]).exists()


def test_an_answer_that_staff_have_dealt_with_blocks_nothing(case: Conversation, look: Look) -> None:
    unanswered_mail()
    clerk = get_user_model().objects.create_user("ugyintezo")
    Handling.objects.create(mail=Mail.objects.get(uid=99), outcome=HandlingOutcome.DONE, actor=clerk)
    assert look(FIVE_LATER) == 1


def test_an_out_of_office_blocks_nothing(case: Conversation, look: Look) -> None:
    unanswered_mail()
    Mail.objects.filter(uid=99).update(kind="automatic")
    assert look(FIVE_LATER) == 1


def test_the_same_request_once_more_blocks_nothing(case: Conversation, look: Look) -> None:
    """It is on no list of staff's: the same letter was not written twice, and that is all."""
    unanswered_mail()
    details = {"kind": "registration", "withheld": "budget_same_answer"}
    Event.objects.create(verb="decided", mail=Mail.objects.get(uid=99), details=details)
    assert look(FIVE_LATER) == 1


def test_what_came_due_during_an_outage_goes_out_little_by_little(
    waiting: Callable[[int], None], look: Look, sink: Sink
) -> None:
    waiting(GROUP + 4)
    assert look(FIVE_LATER, replies_per_hour=20) == 10, "half of what the breaker leaves"
    assert not Control.objects.filter(name="replies_stopped").exists()
    assert look(FIVE_LATER, replies_per_hour=0) == 14
    assert len(sink.accepted) == 2 * (GROUP + 4)
    assert look(FIVE_LATER, replies_per_hour=0) == 0


def test_a_reminder_is_none_of_the_two_answers(
    case: Conversation, look: Look, desk: Desk, deliver_mail: Deliver
) -> None:
    look(FIVE_LATER)
    Reply.objects.update(created_at=F("created_at") - timedelta(days=30))
    thread = " ".join(Reply.objects.order_by("pk").values_list("message_id", flat=True))
    deliver_mail(make_mail("hianyos", 1, Message_ID="<masik@mintafalu.example>", References=thread))
    desk.poll()
    desk.process()
    assert Mail.objects.get(message_id="<masik@mintafalu.example>").replies.count() == 1


def test_a_reminder_of_what_a_person_asked_leaves_the_answer_to_that_person(case: Conversation, look: Look) -> None:
    clerk = get_user_model().objects.create_user("ugyintezo")
    Reply.objects.update(author=clerk, kind="staff")
    assert look(FIVE_LATER) == 1
    assert load_case(case.pk, {}).staffed


def test_a_bounce_that_staff_have_answered_anew_blocks_nothing(case: Conversation, look: Look) -> None:
    letter = Reply.objects.get()
    Event.objects.create(verb="bounced", reply=letter)
    Reply.objects.update(sent_at=ASKED - timedelta(days=1))
    again = Reply.objects.get()
    again.pk, again.kind, again.message_id, again.sent_at = None, "staff", "<uj@kincstar.example>", ASKED
    again.author = get_user_model().objects.create_user("ugyintezo")
    again.save()
    assert look(FIVE_LATER) == 1


def test_looking_costs_one_query_until_it_is_time_again(
    desk: Desk, django_assert_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    desk.poll()
    desk.look_after()
    with django_assert_num_queries(1):
        desk.look_after()
    Control.objects.filter(name="waiting").update(at=Now() - timedelta(minutes=11))
    before = Control.objects.get(name="waiting").at
    desk.look_after()
    assert Control.objects.get(name="waiting").at > before
