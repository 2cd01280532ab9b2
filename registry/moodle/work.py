"""The work of runs: people are claimed a few at a time, looked up together and handed over one by one.

As everywhere the database knows each step (worker.services.leases), so any process may die at any moment; a portal that
is away costs nobody an attempt before something was asked of it for that very person.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from registry.exports.gather import load_courses, load_directory
from registry.exports.people import PortalPerson, make_person
from registry.models import Account, Registration, RegistrationStatus
from registry.moodle.errors import PortalAway, PortalError, PortalMisconfigured, PortalRefusal
from registry.moodle.person import CoursesMissing, Known, Outcome, find_account, hand_over, look_up, rehearse
from registry.moodle.portal import Portal
from registry.moodle.runs import HANDED_OVER_FROM
from registry.portal import PortalResult, PortalRun, PortalRunKind, PortalState, PortalStep
from registry.services.change import record_change
from rules.catalogue import Catalogue
from worker.error_reports import report
from worker.following import following
from worker.services.leases import FREE, LEASE, RELEASED, Claim, ClaimLost, claim, finish, later
from worker.services.trouble import describe

PEOPLE_AT_ONCE = 10
AWAY_S, MISCONFIGURED_S = 60.0, 600.0
BACKOFF_S = (30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0)
MOST_ATTEMPTS = len(BACKOFF_S)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A claimed row and the person that it is about."""

    row: PortalResult
    person: PortalPerson


def work(portal: Portal, catalogue: Catalogue, configured: Mapping[str, str], *, for_s: float) -> int:
    """Do what is due for about so many seconds; returns how many rows had their turn."""
    _give_up()
    over = time.monotonic() + for_s
    done = 0
    while time.monotonic() < over and (ours := claim(_waiting(), PEOPLE_AT_ONCE)):
        done += _take_turns(portal, _take_up(ours, catalogue, load_courses(configured)))
    return done


def is_due() -> bool:
    """Whether anybody waits whose time has come."""
    return _waiting().filter(FREE, next_attempt_at__lte=Now()).exists()


def _waiting() -> QuerySet[PortalResult]:
    return PortalResult.objects.filter(state=PortalState.WAITING, attempts__lt=MOST_ATTEMPTS)


def _give_up() -> None:
    """Rows whose last allowed turn ended with the death of the process, or without an answer."""
    tired = PortalResult.objects.filter(FREE, state=PortalState.WAITING, attempts__gte=MOST_ATTEMPTS)
    tired.update(state=PortalState.FAILED, error="gave_up", at=Now(), **RELEASED)


def _take_up(ours: Claim, catalogue: Catalogue, courses: Mapping[str, str]) -> list[Turn]:
    """The claimed rows whose requests stand as they were seen; the others are settled here."""
    light = ("registration__evidence", "registration__suggestions")
    rows = PortalResult.objects.select_related("run", "registration").defer(*light)
    claimed = list(ours.of(rows).order_by("pk"))
    directory = load_directory([[row.registration] for row in claimed], catalogue, courses)
    turns = []
    for row in claimed:
        person = make_person([row.registration], directory)
        if not _is_current(row):
            _settle(row, PortalState.SKIPPED, error="changed")
        elif person.problems and row.run.kind != PortalRunKind.LOOK_UP:
            _settle(row, PortalState.FAILED, error=person.problems[0].value)
        else:
            turns.append(Turn(row, person))
    return turns


def _is_current(row: PortalResult) -> bool:
    if row.run.kind == PortalRunKind.LOOK_UP:
        return True
    return row.registration.version == row.version and row.registration.status in HANDED_OVER_FROM


def _take_turns(portal: Portal, turns: Sequence[Turn]) -> int:
    """How many had their turn; where the portal is away or refuses everybody, the rest waits."""
    if not turns:
        return 0
    try:
        known = look_up(portal, [turn.person for turn in turns])
    except PortalError as error:
        _postpone([turn.row for turn in turns], error)
        return 0
    PortalRun.objects.filter(pk__in={turn.row.run_id for turn in turns}).exclude(halted="").update(halted="")
    for number, turn in enumerate(turns):
        row = turn.row
        with following("hand_over", row.registration.mail_id, request=row.registration_id, result=row.pk):
            try:
                _take_turn(portal, turn, known)
            except (PortalAway, PortalMisconfigured) as error:
                _postpone([one.row for one in turns[number:]], error, tried=row)
                return number
            except ClaimLost:
                log.warning("result %d: the claim was lost, another process goes on", row.pk)
            except DatabaseError:
                raise
            except Exception as error:  # one person's turn must not keep the others from theirs
                report(error)
                log.error("result %d: %s", row.pk, describe(error))
                _postpone([row], PortalAway("broken_here"), tried=row)
    return len(turns)


def _take_turn(portal: Portal, turn: Turn, known: Known) -> None:
    row, person = turn.row, turn.person
    try:
        outcome = _carry_out(portal, turn, known)
    except PortalRefusal as refusal:
        names = refusal.names if isinstance(refusal, CoursesMissing) else ()
        courses = [{"course": name, "outcome": "missing"} for name in names]
        _settle(row, PortalState.FAILED, error=refusal.code, errorcode=refusal.errorcode, courses=courses)
        log.warning("result %d: %s", row.pk, refusal)
        return
    with transaction.atomic():
        if row.run.kind == PortalRunKind.REGISTER and not _register(row, outcome):
            _settle(row, PortalState.FAILED, error="changed_meanwhile")
            return
        if row.for_real or row.run.kind == PortalRunKind.LOOK_UP:
            _remember(person, outcome)
        values: dict[str, Any] = {"existed": outcome.existed, "courses": list(outcome.courses)}
        values |= {"error": "", "errorcode": ""}
        values |= {"account_id": outcome.account.id if outcome.account else None}
        values |= {"step": PortalStep.ENROLLED if row.for_real else PortalStep.LOOKED_UP}
        # who was exported before has had the letter
        told = not row.for_real or row.registration.status == RegistrationStatus.EXPORTED
        _settle(row, PortalState.DONE, **values, told=told)


def _carry_out(portal: Portal, turn: Turn, known: Known) -> Outcome:
    row = turn.row
    if row.run.kind == PortalRunKind.LOOK_UP:
        account = find_account(portal, turn.person, known)
        return Outcome(account, account is not None)
    if row.run.kind == PortalRunKind.REHEARSE:
        return rehearse(portal, turn.person, known)

    def record(values: Mapping[str, Any]) -> None:
        held = PortalResult.objects.filter(pk=row.pk, lease_token=row.lease_token)
        if held.update(lease_until=Now() + LEASE, **values) != 1:
            raise ClaimLost

    record({})
    outcome = hand_over(portal, turn.person, known, record, create_begun=row.create_begun)
    if outcome.existed and outcome.account and _made_here(row, outcome.account.id):
        return Outcome(outcome.account, False, outcome.courses)
    return outcome


def _made_here(row: PortalResult, account: int) -> bool:
    """Whether another request of the same person in this run made the account: then it is new to them."""
    others = PortalResult.objects.filter(run=row.run_id, account_id=account, existed=False)
    return others.exclude(pk=row.pk).exists()


def _register(row: PortalResult, outcome: Outcome) -> bool:
    """Write what the portal holds now; False where a person changed the request in the meantime."""
    guarded = Registration.objects.select_for_update(of=("self",)).filter(pk=row.registration_id, version=row.version)
    registration = guarded.filter(status__in=HANDED_OVER_FROM).first()
    if registration is None:
        return False
    values = {"status": RegistrationStatus.REGISTERED}
    record_change(
        registration,
        row.run.actor,
        "registered",
        values,
        by="web_service",
        run=row.run_id,
        had_account=outcome.existed,
    )
    return True


def _remember(person: PortalPerson, outcome: Outcome) -> None:
    """The directory of accounts knows what the portal said."""
    account = outcome.account
    if account is None:
        return
    address = person.registrations[-1].email.strip().lower()
    values = {"username": account.username or person.username}
    values |= {"full_name": account.full_name[:200]} if account.full_name else {}
    Account.objects.update_or_create(email=address, defaults=values)


def _settle(row: PortalResult, state: PortalState, **values: Any) -> None:
    held = PortalResult.objects.filter(pk=row.pk, lease_token=row.lease_token)
    finish(held, state=state, at=Now(), **values)


def _postpone(rows: Sequence[PortalResult], error: PortalError, tried: PortalResult | None = None) -> None:
    """Give the rows back; only who was `tried` has an attempt less. Everybody else waits a little too."""
    log.error("the portal: %s", error)
    wait = AWAY_S
    if isinstance(error, PortalMisconfigured):
        wait = MISCONFIGURED_S
        PortalRun.objects.filter(pk__in={row.run_id for row in rows}).update(halted=error.code)
    elif isinstance(error, PortalAway):
        wait = max(wait, error.retry_after_s)
    said = {"error": error.code, "errorcode": error.errorcode}
    for row in rows:
        held = PortalResult.objects.filter(pk=row.pk, lease_token=row.lease_token)
        if row is tried and isinstance(error, PortalAway):
            own = max(BACKOFF_S[min(row.attempts, MOST_ATTEMPTS) - 1], error.retry_after_s)
            held.update(next_attempt_at=later(own), **said, **RELEASED)
        else:
            held.update(next_attempt_at=later(wait), attempts=F("attempts") - 1, **said, **RELEASED)
    sooner = PortalResult.objects.filter(FREE, state=PortalState.WAITING, next_attempt_at__lt=later(wait))
    sooner.exclude(pk__in=[row.pk for row in rows]).update(next_attempt_at=later(wait))
