"""What is done to many requests at once: approve, assign, hand over. All of a search only after a look at the plan."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from registry.services.approve import approve_many
from registry.services.assign import assign_many
from registry.services.change import BulkResult, Target
from registry.services.change_many import find_marked
from review.bulk import APPROVE, ASSIGN, EXPORT, Plan, plan_marked, plan_search
from review.colleagues import get_colleagues
from review.labels import label
from review.paging import COUNTED
from review.people import actor
from review.targets import chosen_targets
from review.templatetags.words import person
from review.views.acting import tell_left, undo_mark
from review.views.queue import searched
from staff.access import needs
from staff.roles import Ability

VERBS = (APPROVE, ASSIGN, EXPORT)


@needs(Ability.DECIDE)
@require_POST
def approve_marked(request: HttpRequest) -> HttpResponse:
    """Approve the marked rows that are still clean and unchanged."""
    targets = chosen_targets(request)
    if not targets:
        messages.warning(request, label("done", "bulk_none"))
    else:
        _tell(request, APPROVE, approve_many(targets, actor(request)))
    return _back(request)


@needs(Ability.DECIDE)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """`verb` for the marked rows, or with `all` for everything that the search finds: first what would happen, then,
    with `sure`, that very thing."""
    verb = request.POST.get("verb", "")
    me = actor(request)
    if verb not in VERBS:
        return _back(request)
    marked = chosen_targets(request)
    if "sure" in request.POST:
        return _do(request, verb, marked)
    plan = plan_search(verb, searched(request), me.pk) if "all" in request.POST else plan_marked(verb, marked, me.pk)
    if not (plan.targets or plan.left):
        messages.warning(request, label("done", "bulk_none"))
        return _back(request)
    return _ask(request, plan)


def _ask(request: HttpRequest, plan: Plan) -> HttpResponse:
    context = {
        "page": "queue",
        "plan": plan,
        "search": searched(request),
        "more": len(plan.targets) - len(plan.named),
        "most": COUNTED,
        "colleagues": get_colleagues() if plan.verb == ASSIGN else [],
    }
    return render(request, "review/bulk_confirm.html", context)


def _do(request: HttpRequest, verb: str, targets: list[Target]) -> HttpResponse:
    if verb == APPROVE:
        _tell(request, verb, approve_many(targets, actor(request)))
    elif verb == ASSIGN:
        wanted = request.POST.get("assignee", "")
        assignee = _colleague(request, wanted)
        if wanted and assignee is None:
            messages.error(request, label("why_refused", "colleague"))
        else:
            done = assign_many([one.pk for one in targets], assignee, actor(request))
            _tell(request, verb if assignee else "unassign", done, assignee)
    return _back(request)


def _colleague(request: HttpRequest, wanted: str) -> User | None:
    if wanted == "me":
        return actor(request)
    return next((one for one in get_colleagues() if str(one.pk) == wanted), None)


def _tell(request: HttpRequest, verb: str, result: BulkResult, who: User | None = None) -> None:
    if result.done:
        event = find_marked(actor(request), result.mark)
        undo = undo_mark(event.registration_id or 0, event, together=True) if event else ""
        facts = {"number": len(result.done), "who": person(who) if who else ""}
        messages.success(request, label("done", f"bulk_{verb}", **facts), extra_tags=undo)
    tell_left(request, result)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('queue')}?{searched(request).query}")
