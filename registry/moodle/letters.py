"""The letters of a hand-over by web service: one a mail about all of its people, once each of them had their turn."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from registry.portal import PortalResult, PortalState
from registry.services.tell_registered import tell_registered
from worker.services.notify import Scribe

WAIT_FOR_OTHERS = timedelta(minutes=30)  # then who is registered is told, whatever keeps the others
ROWS_AT_ONCE = 200


def tell_finished(scribe: Scribe | None = None) -> int:
    """Write the letters that are due; returns about how many requests. At most once each, whoever else tells too."""
    rows = _due().order_by("run", "registration__mail", "pk").values_list("pk", "run", "registration__mail")
    told = 0
    for _, group in groupby(list(rows[:ROWS_AT_ONCE]), key=lambda row: row[1:]):
        scribe = scribe or Scribe()
        told += _tell([pk for pk, *_ in group], scribe)
    return told


def is_telling_due() -> bool:
    """Whether such a letter is due."""
    return _due().exists()


def _due() -> QuerySet[PortalResult]:
    siblings = PortalResult.objects.filter(
        run=OuterRef("run"), registration__mail=OuterRef("registration__mail"), state=PortalState.WAITING
    )
    untold = PortalResult.objects.filter(state=PortalState.DONE, told=False, for_real=True)
    return untold.filter(Q(at__lt=Now() - WAIT_FOR_OTHERS) | ~Exists(siblings))


@transaction.atomic
def _tell(keys: list[int], scribe: Scribe) -> int:
    untold = PortalResult.objects.filter(pk__in=keys, told=False).select_for_update(of=("self",))
    rows = list(untold.select_related("registration__mail__original").order_by("pk"))
    PortalResult.objects.filter(pk__in=[row.pk for row in rows]).update(told=True)
    had_account = {row.registration_id for row in rows if row.existed}
    if rows:
        tell_registered(scribe, [row.registration for row in rows], had_account)
    return len(rows)
