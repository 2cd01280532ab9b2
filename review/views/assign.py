"""Who works on a request: oneself with one key, a colleague, nobody."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from registry.models import Registration
from registry.services.assign import assign
from registry.services.refusals import ChangeRefusedError
from registry.services.undo import find_undoable
from review.called import called
from review.colleagues import get_colleagues
from review.labels import label
from review.people import actor
from review.templatetags.words import person
from review.views.acting import address_of, refused, undo_mark
from review.views.case_page import target_of
from staff.access import needs
from staff.roles import Ability

ME = "me"


@needs(Ability.DECIDE, about="registration")
@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the request to `assignee`: "me", the key of one who may decide, or "" for nobody."""
    wanted = request.POST.get("assignee", "")
    assignee = actor(request) if wanted == ME else _colleague(wanted)
    seen = request.POST.get("seen", "")
    try:
        after = assign(pk, assignee, actor(request), seen=int(seen) if seen.isascii() and seen.isdigit() else None)
    except Registration.DoesNotExist:
        return redirect("queue")
    except ChangeRefusedError as error:
        return refused(request, pk, error, target_of(request, pk).version)
    verb = "unassigned" if assignee is None else "assigned_me" if assignee == actor(request) else "assigned"
    words = label("done", verb, name=called(after), who=person(assignee) if assignee else "")
    event = find_undoable(after)
    messages.success(request, words, extra_tags=undo_mark(pk, event))
    return redirect(address_of(request, pk))


def _colleague(key: str) -> User | None:
    """None for nobody, and for a key that is none of a colleague's."""
    return next((one for one in get_colleagues() if str(one.pk) == key), None)
