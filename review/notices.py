"""The letters about what staff decide: whether there will be any, what they would say, what became of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from registry.models import Registration
from review.labels import label
from rules.model import Kind
from worker.models import Event, Reply, ReplyState
from worker.replies.notices import Notice

NONE, HELD, GOES = "none", "draft", "on"


@dataclass(frozen=True, slots=True)
class Written:
    """The letters that a decision wrote, and why others were not written (codes of the label group "withheld")."""

    letters: list[Reply]
    withheld: list[str]


def fate_of(notice: Notice) -> str:
    """What becomes of such a letter under this configuration: NONE is written, it is HELD as a draft, or GOES out."""
    environment = settings.ASPOKTATAS
    if environment.replies == "off" or notice.value not in environment.notices:
        return NONE
    return GOES if environment.replies == "on" else HELD


def rehearse(change: Callable[[], Registration]) -> Written:
    """What letters `change` would write: it is made and taken back, so nothing can differ. Raises what it raises."""
    with transaction.atomic():
        before = last_event()
        written = written_since(before, [change().mail_id])
        transaction.set_rollback(True)
    return written


def last_event() -> int:
    """A mark for `written_since`."""
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def written_since(mark: int, mails: Collection[int]) -> Written:
    """What was written about these mails after the mark."""
    verbs = ("reply_written", "notice_withheld")
    events = Event.objects.filter(pk__gt=mark, mail__in=list(mails), verb__in=verbs, details__kind__in=list(Notice))
    rows = list(events.select_related("reply").order_by("pk"))
    letters = [event.reply for event in rows if event.reply is not None]
    return Written(letters, [str(event.details.get("withheld", "")) for event in rows if event.reply is None])


def tell_of(written: Written) -> str:
    """What became of the letters, as a sentence for the person who decided."""
    if written.withheld:
        return label("notice", "withheld", why=label("withheld", written.withheld[0]))
    if not written.letters:
        return label("notice", "none")
    return label("notice", "held" if written.letters[0].state == ReplyState.DRAFT else "goes")


def tell_of_letters(written: Written) -> str:
    """The same for a hand-over, which may have written many."""
    words = []
    if written.letters:
        held = written.letters[0].state == ReplyState.DRAFT
        words.append(label("notices", "held" if held else "go", number=len(written.letters)))
    if written.withheld:
        words.append(label("notices", "withheld", number=len(written.withheld)))
    return " ".join(words or [label("notices", "none")])


def count_letters(rows: Iterable[Registration], known: Collection[str]) -> tuple[int, int]:
    """How many letters tell that people are registered, and how many that there is an account already (`known`).

    As `mark_exported` writes them: one a mail, and one for each who has an account. `rows` come with their mails.
    """
    told = [row for row in rows if row.mail.answerable and row.mail.kind != Kind.AUTOMATIC]
    new = {row.mail_id for row in told if row.email.lower() not in known}
    return len(new), sum(row.email.lower() in known for row in told)
