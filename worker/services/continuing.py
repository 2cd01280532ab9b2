"""Continuing: what a verdict on an answer may do to the requests of its case, and what a person must do instead.

Pure. What staff have decided no machine changes: an answer that would goes to staff with all that it says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from registry.models import Registration, RegistrationStatus
from rules.model import Earlier, Note, Outcome, Person, Status, Verdict
from worker.services.cases import Case
from worker.services.find_case import Double
from worker.services.verdicts import FIELDS

LETTERS = frozenset({Outcome.REPLY_MISSING, Outcome.REPLY_PASSWORD})
HANDED_OVER = (RegistrationStatus.EXPORTED, RegistrationStatus.REGISTERED)
DECIDED = (RegistrationStatus.APPROVED, *HANDED_OVER, RegistrationStatus.REJECTED)


@dataclass(frozen=True, slots=True)
class Settled:
    """`verdict` as it may be carried out; `changes` are the places of the case's requests that it completes,
    `withdrawals` of those that it takes back. `staff` is why a person must see the mail, "" where none need."""

    verdict: Verdict
    changes: tuple[int, ...] = ()
    withdrawals: tuple[int, ...] = ()
    staff: str = ""


def settle(verdict: Verdict, case: Case, earlier: Earlier, by_hand: frozenset[int]) -> Settled:
    """What `verdict` comes to in `case`, which stood as `earlier` says; `by_hand` are rows that a person moved."""
    people = list(verdict.people)
    changes: list[int] = []
    reasons: set[str] = set()
    for place in range(min(verdict.continues, len(people))):
        row, before, after = case.rows[place], earlier.people[place], people[place]
        if row.status in DECIDED:
            if _says_more(before, after):
                reasons.add("decided_already")
            people[place] = replace(before, problems=(), status=Status.READY)
        elif place in verdict.withdraws:
            people[place] = replace(before, problems=(), status=Status.REVIEW)
        elif is_change(before, after):
            people[place] = replace(after, status=_status(row, after, case, row.pk in by_hand))
            changes.append(place)
        else:
            people[place] = before
    takes_back = [place for place in verdict.withdraws if place < len(case.rows)]
    if any(case.rows[place].status in DECIDED for place in takes_back):
        reasons.add("decided_already")
    if case.staffed:
        reasons.add("answers_staff")
    withdrawals = tuple(place for place in takes_back if case.rows[place].status not in DECIDED)
    settled = _with_people(verdict, people, reasons)
    return Settled(settled, tuple(changes), withdrawals, max(reasons, default=""))  # a decision outweighs a letter


def is_change(before: Person, after: Person) -> bool:
    """Whether `after` tells more: another value, a contradiction, or fewer problems with the same values."""
    return _says_more(before, after) or set(after.problems) < set(before.problems)


def send_doubles_to_staff(verdict: Verdict, doubles: Iterable[Double]) -> Verdict:
    """New people who have a request already are not routed: a person must look.

    More modules for somebody whose request was handed over are a request of their own (policy.md §9).
    """
    people = list(verdict.people)
    for double in doubles:
        more_for_known = double.sure and double.status in HANDED_OVER and not double.repeats
        if double.person >= verdict.continues and people[double.person].status is Status.READY and not more_for_known:
            people[double.person] = replace(people[double.person], status=Status.REVIEW)
    return _with_people(verdict, people, ())


def to_staff(verdict: Verdict) -> Verdict:
    """The same without people and letter: nothing follows from it by machine."""
    return replace(
        verdict, outcomes=frozenset({Outcome.REVIEW}), people=(), reply=None, jegyzo=None, continues=0, withdraws=()
    )


def _says_more(before: Person, after: Person) -> bool:
    contradicts = Note.ANSWER_CONTRADICTS in after.notes and Note.ANSWER_CONTRADICTS not in before.notes
    return contradicts or _values(before) != _values(after)


def _values(person: Person) -> tuple[object, ...]:
    fields = (getattr(person, name) for name in FIELDS)
    plain = tuple(field.value if field else "" for field in fields)
    return (*plain, frozenset(module.value for module in person.modules))


def _status(row: Registration, after: Person, case: Case, by_hand: bool) -> Status:
    """The new status; one that a person gave, or asked about in words of his own, no machine makes `ready`."""
    if after.status is Status.READY and (by_hand or (case.staffed and row.status != RegistrationStatus.READY)):
        return Status.REVIEW
    if after.status is Status.INCOMPLETE and row.status in {RegistrationStatus.READY, RegistrationStatus.REVIEW}:
        return Status.REVIEW
    return after.status


def _with_people(verdict: Verdict, people: list[Person], reasons: Iterable[str]) -> Verdict:
    """The verdict with `people`, its outcomes and letter in step with them; `reasons` are why staff must see it."""
    if not people and not reasons:
        return verdict
    statuses = {person.status for person in people}
    outcomes, reply = set(verdict.outcomes), verdict.reply
    if Status.READY not in statuses:
        outcomes.discard(Outcome.ROUTE)
    if Status.REVIEW in statuses:
        outcomes.add(Outcome.REVIEW)
    if reasons or (Outcome.REPLY_MISSING in outcomes and Status.INCOMPLETE not in statuses):
        outcomes -= LETTERS
        reply = None
    if reasons or not outcomes:
        outcomes.add(Outcome.REVIEW)
    return replace(verdict, people=tuple(people), outcomes=frozenset(outcomes), reply=reply)
