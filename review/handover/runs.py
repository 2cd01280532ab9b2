"""Hand-overs by the portal's web service: begun here, done by the worker, watched and tried again here."""

from __future__ import annotations

from threading import Thread

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from registry.models import Registration, RegistrationStatus
from registry.moodle.runs import HANDED_OVER_FROM, begin_run, count_states, stop_run, try_again
from registry.portal import PortalRun, PortalRunKind, PortalState
from review.handover.exports import MOST, get_export, get_unchanged, targets_of
from review.knowledge import get_module_names
from review.labels import label
from review.outbox import BELL
from review.people import actor
from staff.access import needs
from staff.roles import Ability
from worker.tasks.bell import ring
from worker.tasks.portal import hand_over

ROWS_A_PAGE = 100
LOOKED_UP = (
    RegistrationStatus.READY,
    RegistrationStatus.INCOMPLETE,
    RegistrationStatus.REVIEW,
    RegistrationStatus.APPROVED,
)
ORDER = (PortalState.FAILED, PortalState.WAITING, PortalState.SKIPPED, PortalState.DONE)  # what needs a person first


@needs(Ability.HAND_OVER, about="export")
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Rehearse the hand-over of an export, or begin it."""
    event = get_export(pk)
    kind = PortalRunKind.REGISTER if "sure" in request.POST else PortalRunKind.REHEARSE
    targets = targets_of(get_unchanged(event), HANDED_OVER_FROM)
    if settings.ASPOKTATAS.moodle.service is None or not targets:
        messages.warning(request, label("done", "run_nobody"))
        return redirect("handover-file", pk=event.pk)
    run = begin_run(kind, targets, actor(request), event)
    if not run.results.exists():  # a second click: the first one has them all
        run = PortalRun.objects.filter(export=event, kind=kind, results__isnull=False).order_by("-pk").first() or run
    return _go(run)


@needs(Ability.HAND_OVER)
@require_POST
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask the portal who of the open requests has an account already."""
    targets = targets_of(Registration.objects.filter(email__gt=""), LOOKED_UP)[:MOST]
    if settings.ASPOKTATAS.moodle.service is None or not targets:
        messages.warning(request, label("done", "run_nobody"))
        return redirect("handover")
    return _go(begin_run(PortalRunKind.LOOK_UP, targets, actor(request)))


@needs(Ability.HAND_OVER, about="portal_run")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what became of each person."""
    return _show(request, pk)


@needs(Ability.HAND_OVER, about="portal_run", logged=False)
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The same, asked for by the page itself."""
    return _show(request, pk)


@needs(Ability.HAND_OVER, about="portal_run")
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Another turn for the failed ones, or for one of them."""
    run = get_object_or_404(PortalRun, pk=pk)
    only = [int(one) for one in request.POST.getlist("result") if one.isascii() and one.isdigit() and len(one) < 19]
    number = try_again(run, actor(request), only or None)
    messages.success(request, label("done", "run_again", number=number))
    return _go(run)


@needs(Ability.HAND_OVER, about="portal_run")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody else's turn comes."""
    run = get_object_or_404(PortalRun, pk=pk)
    messages.success(request, label("done", "run_stopped", number=stop_run(run, actor(request))))
    return redirect("portal-run", pk=run.pk)


def _go(run: PortalRun) -> HttpResponse:
    """Wake the worker beside the request, for a broker that is away takes seconds to say so."""
    Thread(target=ring, args=(hand_over,), name=BELL, daemon=True).start()
    return redirect("portal-run", pk=run.pk)


def _show(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(PortalRun.objects.select_related("actor", "export"), pk=pk)
    counts = count_states(run)
    order = Case(
        *[When(state=state, then=Value(place)) for place, state in enumerate(ORDER)], output_field=IntegerField()
    )
    rows = run.results.select_related("registration").defer("registration__evidence", "registration__suggestions")
    total = sum(counts.values())
    context = {
        "page": "handover",
        "run": run,
        "counts": [(state, counts[state]) for state in ORDER if counts[state]],
        "failed": counts[PortalState.FAILED],
        "waiting": counts[PortalState.WAITING],
        "total": total,
        "finished": total - counts[PortalState.WAITING],
        "is_register": run.kind == PortalRunKind.REGISTER,
        "results": Paginator(rows.order_by(order, "pk"), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "module_names": get_module_names(),
        "service": settings.ASPOKTATAS.moodle.service,
    }
    return render(request, "review/handover/run.html", context)
