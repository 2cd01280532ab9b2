"""Two people on one case: each page says that it is open, and is told who else has it open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from registry.models import Registration
from review.people import actor
from review.presence import find_others, mark_of, meet, part
from staff.access import may, needs
from staff.roles import Ability


@needs(Ability.VIEW, about="registration", logged=False)
@require_POST
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """The page is still open. 204 where it shows already what there is to show.

    Who may only read is told, but is nobody whom others must look out for.
    """
    registration = get_object_or_404(Registration.objects.only("pk", "version"), pk=pk)
    user = actor(request)
    others = meet(registration, user) if may(user, Ability.DECIDE) else find_others(registration, user)
    mark = mark_of(others, registration.version)
    if request.POST.get("shown") == mark:
        return HttpResponse(status=204)
    context = {
        "registration": registration,
        "others": others,
        "mark": mark,
        "is_outdated": request.POST.get("version", "") != str(registration.version),
    }
    return render(request, "review/presence.html", context)


@needs(Ability.VIEW, about="registration", logged=False)
@require_POST
def gone(request: HttpRequest, pk: int) -> HttpResponse:
    """The page was closed or left."""
    part(pk, actor(request))
    return HttpResponse(status=204)
