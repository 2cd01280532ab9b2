"""What is due right now: cheap questions to the ledger."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from worker.models import DUE_STATES, OUTGOING, Mail, MailState, Reply
from worker.services import open_day, purge_nightly, roll_up, run_replay, search_text, wait
from worker.services.controls import replies_stopped
from worker.services.copy_sent import TO_COPY
from worker.services.file import TO_FILE
from worker.services.leases import DUE
from worker.services.prepared import PreparedQuestions
from worker.services.sweep import CUT_OFF, KILLERS
from worker.services.ticks import done_lately

QUESTIONS = PreparedQuestions(
    CUT_OFF,
    KILLERS,
    Mail.objects.filter(DUE, state=MailState.STORED),
    Reply.objects.filter(DUE, state__in=DUE_STATES),
    Mail.objects.filter(DUE & TO_FILE),
    Reply.objects.filter(DUE & TO_COPY),
    run_replay.WAITING,
    done_lately(wait.TICK, wait.LOOK_EVERY),
    done_lately(roll_up.TICK, roll_up.LOOK_EVERY),
    done_lately(purge_nightly.TICK, purge_nightly.LOOK_EVERY),
    search_text.PARKED,
    search_text.IS_CAUGHT_UP,
    open_day.HAS_MOVED,
)


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to do: for the sweep itself, for deciding and delivering, filing and copying, replaying; whether
    somebody should look again at cases that wait, past days' figures, what is kept too long; mails whose text the
    search does not have; whether today's figures move.
    """

    expired: bool
    work: bool
    files: bool
    replays: bool
    cases: bool
    figures: bool
    privacy: bool
    texts: bool
    today: bool


def find_due() -> Due:
    """All of it in one statement, two where replies wait."""
    cut_off, killers, mails, replies, files, copies, replays, cases, figures, privacy, parked, caught_up, moves = (
        QUESTIONS.ask()
    )
    return Due(
        expired=cut_off or killers,
        work=cut_off or mails or (replies and not replies_stopped()),
        files=killers or files or copies,
        replays=replays,
        cases=not cases,
        figures=not figures,
        privacy=not privacy,
        texts=parked or not caught_up,
        today=moves,
    )


def count_pending_mails(elsewhere_than: Collection[str] = ()) -> int:
    """Mails on their way: neither filed nor left alone. Those of the named mailboxes do not count."""
    return Mail.objects.filter(Q(state=MailState.STORED) | TO_FILE).exclude(mailbox__in=list(elsewhere_than)).count()


def count_pending_replies() -> int:
    """Replies that still have to go out by themselves."""
    return Reply.objects.filter(state__in=OUTGOING).count()
