"""Wait: cases whose requester owes us an answer are reminded once, and closed after a while without one.

Only where replies are `on`: a draft that lies about for weeks would remind too late and close what nobody was told.
A case waits while all that is left open of it is what our letter asked for: the letter went out, did not come back,
nothing of the case needs a person, nothing holds replies back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from registry.models import Registration, RegistrationStatus
from registry.services.change import record_change
from registry.services.refusals import OutdatedError
from registry.services.write_reply import STAFF, draft_recipients
from rules.model import Kind, ReplyKind
from worker.clock import database_now
from worker.error_reports import report
from worker.following import following
from worker.models import Conversation, Event, Folder, Mail, MailState, Reply, ReplyState
from worker.replies.notices import Notice
from worker.services.controls import replies_stopped
from worker.services.deliver import left_this_hour
from worker.services.mailboxes import silent_mailboxes
from worker.services.notify import Scribe, Telling, write_notice
from worker.services.ticks import my_turn
from worker.services.trouble import describe
from worker.services.workdays import working_days_before

TICK = "waiting"  # the Control row whose `at` says when somebody last looked
LOOK_EVERY = timedelta(minutes=10)
GROUP = 20  # at a time: what came due during an outage must not open the breaker
NOT_SENT = tuple(state for state in ReplyState if state != ReplyState.SENT)
ASKING = (ReplyKind.MISSING.value, STAFF)
LETTERS = (*ASKING, Notice.REMINDER.value)

log = logging.getLogger(__name__)


def look_after(scribe: Scribe, *, now: datetime | None = None, at_once: bool = False) -> int:
    """Remind and close what is due; returns how many cases. One small query unless LOOK_EVERY has passed.

    `now` is the database's clock unless given. `at_once`: somebody else's last look does not count.
    """
    if scribe.voice.mode != "on" or not (at_once or my_turn(TICK, LOOK_EVERY)):
        return 0
    if Mail.objects.filter(state=MailState.STORED).exists():  # the answer may lie there
        return 0
    if replies_stopped():
        return 0
    now = now or database_now()
    return remind(scribe, now) + close(scribe, now)


def remind(scribe: Scribe, now: datetime) -> int:
    """Send the one reminder that a conversation ever gets, where it is due; returns how many."""
    after = scribe.environment.remind_after
    if not after or not scribe.may_write(Notice.REMINDER):
        return 0
    due = _waiting(scribe, working_days_before(now, after)).filter(reminded_at__isnull=True)
    return _each(_remind, scribe, due[: _number(scribe)], now)


def close(scribe: Scribe, now: datetime) -> int:
    """Let requests expire that nobody completed, and say so; returns how many conversations.

    Where reminders are sent, the time between reminder and closing is kept even if the reminder came late.
    """
    after, remind_after = scribe.environment.close_after, scribe.environment.remind_after
    if not after:
        return 0
    due = _waiting(scribe, working_days_before(now, after))
    if remind_after and scribe.may_write(Notice.REMINDER):
        due = due.filter(reminded_at__lte=working_days_before(now, after - remind_after))
    return _each(_close, scribe, due[: _number(scribe)], now)


def _each(
    step: Callable[[Scribe, Conversation, datetime], bool],
    scribe: Scribe,
    cases: Iterable[Conversation],
    now: datetime,
) -> int:
    """Take `step` in each case, returns in how many it was taken; one that fails waits for the next look, alone."""
    number = 0
    for case in cases:
        with following("wait", case.letter_mail, conversation=case.pk):  # type: ignore[attr-defined]  # annotated
            try:
                number += step(scribe, case, now)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # the same case would stop all others at every look
                report(error)
                log.error("conversation %d: neither reminded nor closed: %s", case.pk, describe(error))
    return number


def _number(scribe: Scribe) -> int:
    """How many letters may be written now: few at a time, and never more than half of what the breaker leaves."""
    per_hour = scribe.environment.replies_per_hour
    return min(GROUP, max(0, left_this_hour(per_hour) // 2)) if per_hour else GROUP


def _waiting(scribe: Scribe, asked_before: datetime) -> QuerySet[Conversation]:
    """Conversations that wait for an answer to a letter which went out at `asked_before` or earlier; oldest first.

    `letter` is the primary key of that letter, `letter_mail` that of the mail which it answered. Where a mailbox was
    not read lately the answer may lie there.
    """
    mine = OuterRef("pk")
    rows = Registration.objects.filter(mail__conversation__isnull=False)
    incomplete = rows.filter(status=RegistrationStatus.INCOMPLETE).values("mail__conversation")
    in_review = rows.filter(status=RegistrationStatus.REVIEW).values("mail__conversation")
    letters = Reply.objects.filter(mail__conversation=mine)
    # not "state is sent": for each case SQLite would walk through all letters that ever went out
    asked = letters.filter(kind__in=ASKING).exclude(state__in=NOT_SENT).order_by("-sent_at", "-pk")
    under_way = letters.filter(kind__in=LETTERS).exclude(state__in=[ReplyState.SENT, ReplyState.DISCARDED])
    held = Folder.objects.exclude(held="").filter(mailbox=OuterRef("mailbox"), name=OuterRef("folder"))
    bounced = Event.objects.filter(verb="bounced", reply__mail__conversation=mine)
    mails = Mail.objects.filter(conversation=mine)
    repeated = Event.objects.filter(mail=OuterRef("pk"), verb="decided", details__withheld="budget_same_answer")
    answers = mails.filter(~Exists(repeated), twin_of__isnull=True, handling__isnull=True)
    return (
        Conversation.objects.filter(closed_at__isnull=True, pk__in=incomplete)
        .exclude(pk__in=in_review)
        .annotate(asked_at=Subquery(asked.values("sent_at")[:1]), letter=Subquery(asked.values("pk")[:1]))
        .annotate(letter_mail=Subquery(asked.values("mail")[:1]))
        .filter(asked_at__lte=asked_before)
        .exclude(Exists(under_way))
        .exclude(Exists(bounced.filter(reply__sent_at__gte=OuterRef("asked_at"))))
        .exclude(Exists(answers.filter(stored_at__gt=OuterRef("asked_at")).exclude(kind=Kind.AUTOMATIC.value)))
        .exclude(Exists(mails.filter(Exists(held))))
        .exclude(Exists(mails.filter(mailbox__in=silent_mailboxes(scribe.environment.accounts))))
        .order_by("asked_at")
    )


def _remind(scribe: Scribe, case: Conversation, now: datetime) -> bool:
    with transaction.atomic():
        rows = _open_rows(case)
        mine = Conversation.objects.filter(pk=case.pk, reminded_at__isnull=True)
        if not rows or not mine.update(reminded_at=now):
            return False
        reply = write_notice(scribe, _telling(Notice.REMINDER, case, rows, "once"))
        if reply is not None:
            Event.objects.create(verb="reminded", mail_id=reply.mail_id, reply=reply)
            log.info("reply %d: reminds of what is missing", reply.pk)
    return reply is not None


def _close(scribe: Scribe, case: Conversation, now: datetime) -> bool:
    try:
        with transaction.atomic():
            rows = _open_rows(case)
            mine = Conversation.objects.filter(pk=case.pk, closed_at__isnull=True)
            if not rows or not mine.update(closed_at=now):
                return False
            for row in rows:
                record_change(row, None, "expired", {"status": RegistrationStatus.EXPIRED})
            write_notice(scribe, _telling(Notice.CLOSED, case, rows, f"letter {case.letter}"))  # type: ignore[attr-defined]  # annotated
    except OutdatedError:  # a person or an answer was faster
        return False
    log.info("conversation %d: closed without an answer", case.pk)
    return True


def _open_rows(case: Conversation) -> list[Registration]:
    """The requests that wait, in their order, as they are now."""
    rows = Registration.objects.filter(mail__conversation=case, status=RegistrationStatus.INCOMPLETE)
    return list(rows.select_related("mail").order_by("pk"))


def _telling(notice: Notice, case: Conversation, rows: list[Registration], occasion: str) -> Telling:
    """To those who got the letter that was not answered, about the mail that it answered."""
    letter = Reply.objects.select_related("mail").get(pk=case.letter)  # type: ignore[attr-defined]  # annotated
    to, cc = draft_recipients(letter)
    return Telling(notice, letter.mail, rows, occasion, to=to, cc=cc)
