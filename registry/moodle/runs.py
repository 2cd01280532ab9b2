"""Runs: begun, tried again and stopped by people; the work itself is done by `work`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from registry.models import Registration, RegistrationStatus
from registry.portal import PortalResult, PortalRun, PortalRunKind, PortalState
from registry.services.change import Target
from worker.models import Event
from worker.services.leases import RELEASED

HANDED_OVER_FROM = (RegistrationStatus.APPROVED, RegistrationStatus.EXPORTED)
BATCH = 500


@transaction.atomic
def begin_run(
    kind: PortalRunKind, targets: Iterable[Target], actor: User | None, export: Event | None = None
) -> PortalRun:
    """Note what shall be done; the worker does it. A request that is being handed over already is left out.

    Requests that are not approved or exported take no part in a hand-over or its rehearsal.
    """
    seen = {target.pk: target.version for target in targets}
    run = PortalRun.objects.create(kind=kind, actor=actor, export=export)
    for_real = kind == PortalRunKind.REGISTER
    rows = Registration.objects.filter(pk__in=list(seen)).order_by("pk")
    if kind != PortalRunKind.LOOK_UP:
        rows = rows.filter(status__in=HANDED_OVER_FROM)
    if for_real:
        rows = rows.filter(~Exists(_busy().filter(registration=OuterRef("pk"))))
    PortalResult.objects.bulk_create(
        [
            PortalResult(run=run, registration_id=pk, version=seen[pk], for_real=for_real, told=not for_real)
            for pk in rows.values_list("pk", flat=True)
        ],
        batch_size=BATCH,
        ignore_conflicts=True,  # of two people who begin at once one has it
    )
    details = {"run": run.pk, "kind": kind, "rows": run.results.count(), "export": export.pk if export else None}
    Event.objects.create(actor=actor, verb="portal_run_begun", details=details)
    return run


@transaction.atomic
def try_again(run: PortalRun, actor: User | None, only: Iterable[int] | None = None) -> int:
    """Let the failed rows of the run (`only` these) have their turns anew, as their requests stand now, and the waiting
    ones theirs at once; returns how many."""
    waiting = run.results.filter(state=PortalState.WAITING, lease_token=None)
    number = waiting.update(next_attempt_at=Now(), attempts=0, at=Now())
    failed = run.results.filter(state=PortalState.FAILED).select_related("registration")
    if only is not None:
        failed = failed.filter(pk__in=list(only))
    for row in failed:
        if not (row.for_real and _busy().filter(registration=row.registration_id).exists()):
            number += PortalResult.objects.filter(pk=row.pk, state=PortalState.FAILED).update(
                state=PortalState.WAITING,
                attempts=0,
                version=row.registration.version,
                error="",
                errorcode="",
                next_attempt_at=Now(),
                at=Now(),
            )
    PortalRun.objects.filter(pk=run.pk).update(halted="")
    Event.objects.create(actor=actor, verb="portal_run_tried_again", details={"run": run.pk, "rows": number})
    return number


@transaction.atomic
def stop_run(run: PortalRun, actor: User | None) -> int:
    """Nobody else's turn comes; who is being handed over at this moment is finished. Returns how many were spared."""
    waiting = run.results.filter(state=PortalState.WAITING, lease_token=None)
    number = waiting.update(state=PortalState.SKIPPED, error="stopped", at=Now(), **RELEASED)
    Event.objects.create(actor=actor, verb="portal_run_stopped", details={"run": run.pk, "rows": number})
    return number


def count_states(run: PortalRun) -> Counter[str]:
    """How many of the run's rows are in which state."""
    return Counter(run.results.values_list("state", flat=True))


def _busy() -> QuerySet[PortalResult]:
    """Requests that are being handed over: nobody else may begin with them."""
    return PortalResult.objects.filter(state=PortalState.WAITING, for_real=True)
