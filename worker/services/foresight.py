"""Foresight: what the judgements of a group will ask of the ledger, asked for all of them in a few statements.

What is not foreseen a judgement asks by itself; what is foreseen and not needed counts for nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError

from registry.models import RegistrationStatus
from rules.model import Status
from worker.models import LinkedBy
from worker.services.cases import CONTINUABLE, Case, CaseAsked, moved_by_hand
from worker.services.find_case import DoublesAsked, OpenCasesAsked, OriginalsCaseAsked, doubles_of
from worker.services.find_thread import ThreadAsked, points_somewhere, thread_of
from worker.services.judgement import Sitting
from worker.services.looks import Question, ask_all

log = logging.getLogger(__name__)


def foresee(sittings: Collection[Sitting]) -> None:
    """Tell each of them where its mail may belong, then how these cases stand, then who moved their requests."""
    try:
        for step in (_places, _cases, _moves):
            _tell(sittings, step)
    except (OperationalError, InterfaceError):
        raise
    except (DatabaseError, ValueError, TypeError, AttributeError) as error:  # of some mail: it will ask and fail alone
        log.warning("nothing is foreseen for %d mails (%s)", len(sittings), type(error).__name__)


def _tell(sittings: Iterable[Sitting], step: Callable[[Sitting], Iterator[Question[Any]]]) -> None:
    asked = [(one, list(step(one))) for one in sittings]
    answers = ask_all(question for _, questions in asked for question in questions)
    for one, questions in asked:
        one.looks.foresee({question: answers[question] for question in questions})


def _places(one: Sitting) -> Iterator[Question[Any]]:
    if one.mail.linked_by == LinkedBy.STAFF:
        return
    if one.mail.twin_of_id is not None:
        yield OriginalsCaseAsked(one.mail.twin_of_id)
    if points_somewhere(one.message):
        yield thread_of(one.mail, one.message)
    alone = one.reading.alone
    if alone is None or one.looks.supposed is not None:
        return
    yield doubles_of(one.mail, alone.people)
    if one.message.from_ and not any(person.status is Status.READY for person in alone.people):
        yield OpenCasesAsked(one.message.from_[0].address.lower())


def _cases(one: Sitting) -> Iterator[Question[Any]]:
    for conversation in dict.fromkeys(_conversations(one)):
        yield CaseAsked(conversation, one.context.clerks)


def _conversations(one: Sitting) -> Iterator[int]:
    if one.mail.linked_by == LinkedBy.STAFF and one.mail.conversation_id is not None:
        yield one.mail.conversation_id
    for question, answer in one.looks.foreseen.items():
        if not answer:
            continue
        if isinstance(question, OriginalsCaseAsked):
            yield answer[0]
        elif isinstance(question, ThreadAsked):
            yield answer.conversation
        elif isinstance(question, OpenCasesAsked):
            yield from answer
        elif isinstance(question, DoublesAsked):
            sure = {double.conversation for double in answer if double.sure and double.status in CONTINUABLE}
            yield from (key for key in sure if key is not None and len(sure) == 1)


def _moves(one: Sitting) -> Iterator[Question[Any]]:
    for case in one.looks.foreseen.values():
        if isinstance(case, Case) and any(row.status == RegistrationStatus.REVIEW for row in case.rows):
            yield moved_by_hand(case.rows)
