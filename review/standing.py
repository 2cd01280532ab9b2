"""Where a case stands between the requester and us: what was asked, what is still allowed, what happens when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from config.environment import Environment
from registry.models import Registration, RegistrationStatus
from registry.services.write_reply import STAFF
from review.contradictions import place_in
from review.conversation import Talk
from rules.model import Kind
from worker.models import Mail, Reply, ReplyState
from worker.replies.notices import Notice
from worker.services.budgets import SAME_THREAD
from worker.services.cases import ANSWERS, GONE
from worker.services.controls import replies_stopped
from worker.services.wait import ASKING
from worker.services.workdays import working_day_after


@dataclass(frozen=True, slots=True)
class Standing:
    """`last` is our last letter that asked for something, `asked` what it asked for (problem codes).

    `used` of `budget` machine letters are written. `remind_on` and `close_on` are the days when it will be done unless
    an answer comes; None where it will not. `idle` says why, where nothing happens by itself ("" where it does):
    a code of the label group "idle".
    """

    last: Reply | None
    asked: tuple[str, ...]
    used: int
    budget: int
    reminded_at: datetime | None
    closed_at: datetime | None
    remind_on: date | None
    close_on: date | None
    idle: str


def get_standing(registration: Registration, talk: Talk, environment: Environment) -> Standing:
    """Made of what `talk` holds, and two small queries at most."""
    asking = [letter for letter in talk.letters if letter.kind in ASKING and letter.state not in GONE]
    last = asking[-1] if asking else None
    used = sum(one.author_id is None and one.kind in ANSWERS and one.state not in GONE for one in talk.letters)
    conversation = talk.conversation
    reminded_at = conversation.reminded_at if conversation else None
    idle = _why_idle(registration, last, talk, environment)
    remind_on, close_on = (None, None) if idle else _days(last, reminded_at, environment)
    return Standing(
        last=last,
        asked=_asked(registration, last) if last is not None and last.kind != STAFF else (),
        used=used,
        budget=SAME_THREAD,
        reminded_at=reminded_at,
        closed_at=conversation.closed_at if conversation else None,
        remind_on=remind_on,
        close_on=close_on,
        idle=idle,
    )


def _why_idle(registration: Registration, last: Reply | None, talk: Talk, environment: Environment) -> str:
    """Why the clock does nothing about this case (worker.services.wait); "" where it will."""
    if registration.status != RegistrationStatus.INCOMPLETE:
        return "not_waiting"
    if environment.replies != "on":
        return f"replies_{environment.replies}"
    if last is None:
        return "nothing_asked"
    if last.state != ReplyState.SENT or last.sent_at is None:
        return "not_sent"
    return _what_hinders(talk, last.sent_at)


def _what_hinders(talk: Talk, asked_at: datetime) -> str:
    if replies_stopped():
        return "stopped"
    if any(row.status == RegistrationStatus.REVIEW for row in talk.requests):
        return "review"
    return "unread" if any(_is_unread(one.mail, asked_at) for one in talk.entries) else ""


def _is_unread(mail: Mail | None, asked_at: datetime) -> bool:
    """Whether `mail` came after we asked, and brought no further letter of ours nor anybody's attention."""
    if mail is None or mail.stored_at <= asked_at or mail.kind == Kind.AUTOMATIC:
        return False
    return mail.twin_of_id is None and getattr(mail, "handling", None) is None


def _days(
    last: Reply | None, reminded_at: datetime | None, environment: Environment
) -> tuple[date | None, date | None]:
    """The days of the reminder and of the closing, as `wait` counts them."""
    if last is None or last.sent_at is None:
        return None, None
    remind_after, close_after = environment.remind_after, environment.close_after
    reminds = bool(remind_after) and Notice.REMINDER.value in environment.notices
    remind_on = working_day_after(last.sent_at, remind_after) if reminds and reminded_at is None else None
    if not close_after:
        return remind_on, None
    close_on = working_day_after(last.sent_at, close_after)
    if reminds and reminded_at is not None:
        close_on = max(close_on, working_day_after(reminded_at, close_after - remind_after))
    return remind_on, close_on


def _asked(registration: Registration, letter: Reply) -> tuple[str, ...]:
    """What `letter` asked of this person: the problems that the verdict on the mail it answers found."""
    verdict = Mail.objects.filter(pk=letter.mail_id).values_list("verdict", flat=True).first()
    people: Sequence[dict[str, object]] = verdict.get("people") or [] if isinstance(verdict, dict) else []
    place = registration.position if letter.mail_id == registration.mail_id else place_in(verdict or {}, registration)
    if place is None or not 0 <= place < len(people):
        return ()
    problems = people[place].get("problems")
    return tuple(str(one) for one in problems) if isinstance(problems, list) else ()
