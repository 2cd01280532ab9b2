"""A hearing: a group's mails are judged, some of them in several rounds; each is read once. Writes nothing."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError

from rules.model import Context, Kind
from worker.error_reports import report
from worker.following import following, note
from worker.models import Mail
from worker.services.foresight import foresee
from worker.services.judge import consider, put_into_words
from worker.services.judgement import Considered, Judged, Reading, Sitting, read
from worker.services.looks import Looks
from worker.services.newcomers import Supposed
from worker.services.replying import Voice
from worker.services.thinking import Thinking

LONGEST_TRACE = 20_000
T = TypeVar("T")
U = TypeVar("U")


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
        """`early` is what was judged, or at least read, elsewhere: by primary key, as all of `readings` is."""
        self.voice = voice
        self._thinking, self._context = thinking, context
        self._judged = {key: one for key, one in (early or {}).items() if isinstance(one, Judged)}
        self.readings = {
            key: Reading(one.message) if isinstance(one, Judged) else one for key, one in (early or {}).items()
        }

    def judge(self, mails: Iterable[Mail], *, as_newcomers: bool) -> dict[int, Judged | Failure]:
        """What is made of `mails` now, by primary key. Errors of the database propagate.

        Each step is taken with all of them before the next one begins: what it needs of code and tables stays near the
        processor then, which saves a tenth of the time (docs/reading-costs.md). `as_newcomers`: the ledger is taken to
        know nobody of them.
        """
        results: dict[int, Judged | Failure] = {}
        if as_newcomers:
            results |= self._judged
        waiting = {mail.pk: mail for mail in mails if mail.pk not in results}
        unread = {key: mail for key, mail in waiting.items() if key not in self.readings}
        self.readings |= _each("read", unread, lambda mail: read(mail, self._thinking), results)
        sittings = {
            key: self._sitting(mail, as_newcomer=as_newcomers) for key, mail in waiting.items() if key not in results
        }
        foresee([*sittings.values()])
        considered = _each("decide", sittings, _consider, results)
        composed = _each("compose", considered, lambda one: put_into_words(one, self.voice), results)
        return results | composed

    def _sitting(self, mail: Mail, *, as_newcomer: bool) -> Sitting:
        looks = Looks(Supposed() if as_newcomer else None)
        return Sitting(mail, self.readings[mail.pk], self._thinking, self._context, looks)


def _each(step: str, ones: Mapping[int, T], take: Callable[[T], U], failures: MutableMapping[int, Any]) -> dict[int, U]:
    """`take` the step with each; what fails of them goes to `failures`, and the next is taken."""
    done: dict[int, U] = {}
    for key, one in ones.items():
        with following(step, key):
            try:
                done[key] = take(one)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # whatever a mail does to the code, the next mail is decided
                failures[key] = failure(error)
    return done


def _consider(sitting: Sitting) -> Considered:
    one = consider(sitting)
    note(kind=one.found.verdict.kind, outcomes=", ".join(sorted(one.settled.verdict.outcomes)))
    return one


def needs_bytes(early: Judged | Reading | None) -> bool:
    """Whether the mail's own bytes will be asked for still: those of a bounce are, for the letter that it returns."""
    if isinstance(early, Judged):
        return early.found.verdict.kind is Kind.AUTOMATIC
    return early is None


def failure(error: Exception) -> Failure:
    """`error` as the ledger keeps it; told outside where that is wanted."""
    report(error)
    return Failure(type(error).__name__, "".join(traceback.format_exception(error))[-LONGEST_TRACE:])
