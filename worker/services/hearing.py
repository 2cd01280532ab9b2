"""A hearing: a group's mails are judged, some of them in several rounds; each is read once. Writes nothing."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from rules.model import Context, Kind
from worker.error_reports import report
from worker.following import following, note
from worker.models import Mail
from worker.services.judge import judge
from worker.services.judgement import Judged, Reading, read
from worker.services.replying import Voice
from worker.services.thinking import Thinking

LONGEST_TRACE = 20_000


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a mail could not be judged."""

    name: str
    trace: str


class Hearing:
    """Of the mails that `voice` answers."""

    def __init__(
        self,
        thinking: Thinking,
        voice: Voice,
        context: Context,
        early: Mapping[int, Judged | Reading] | None = None,
    ) -> None:
        """`early` is what was judged, or at least read, elsewhere: by primary key."""
        self.voice = voice
        self._thinking, self._context = thinking, context
        self._judged = {key: one for key, one in (early or {}).items() if isinstance(one, Judged)}
        self._readings = {
            key: Reading(one.message) if isinstance(one, Judged) else one for key, one in (early or {}).items()
        }

    def judge(self, mail: Mail, *, as_newcomer: bool) -> Judged | Failure:
        """What is made of `mail` now (worker.services.judge). Errors of the database propagate."""
        if as_newcomer and mail.pk in self._judged:
            return self._judged[mail.pk]
        with following("decide", mail.pk):
            try:
                judged = judge(
                    mail, self.read(mail), self._thinking, self.voice, self._context, as_newcomer=as_newcomer
                )
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # whatever a mail does to the code, the next mail is decided
                return failure(error)
            note(kind=judged.found.verdict.kind, outcomes=", ".join(sorted(judged.settled.verdict.outcomes)))
            return judged

    def read(self, mail: Mail) -> Reading:
        """`mail`, read when it is asked for first."""
        if mail.pk not in self._readings:
            self._readings[mail.pk] = read(mail, self._thinking)
        return self._readings[mail.pk]


def needs_bytes(early: Judged | Reading | None) -> bool:
    """Whether the mail's own bytes will be asked for still: those of a bounce are, for the letter that it returns."""
    if isinstance(early, Judged):
        return early.found.verdict.kind is Kind.AUTOMATIC
    return early is None


def failure(error: Exception) -> Failure:
    """`error` as the ledger keeps it; told outside where that is wanted."""
    report(error)
    return Failure(type(error).__name__, "".join(traceback.format_exception(error))[-LONGEST_TRACE:])
