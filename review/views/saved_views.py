"""Save, rename and delete views of the queue."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from review.labels import label
from review.people import actor
from review.saved_views import ViewRefusedError, get_changeable, rename_view, save_view
from review.views.queue import searched
from staff.access import needs
from staff.roles import Ability


@needs(Ability.VIEW)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search in the address under a name."""
    query = searched(request).view
    try:
        view = save_view(actor(request), request.POST.get("name", ""), query, shared="shared" in request.POST)
        messages.success(request, label("done", "view_saved", name=view.name))
    except ViewRefusedError as error:
        messages.error(request, label("view_refused", error.code))
    return redirect(f"{reverse('queue')}?{query}")


@needs(Ability.VIEW)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename it, or with `delete` among the values delete it."""
    view = get_changeable(actor(request), pk)
    if view is None:
        raise Http404
    if "delete" in request.POST:
        view.delete()
        messages.success(request, label("done", "view_deleted", name=view.name))
    else:
        try:
            rename_view(view, request.POST.get("name", ""))
            messages.success(request, label("done", "view_renamed"))
        except ViewRefusedError as error:
            messages.error(request, label("view_refused", error.code))
    return redirect(f"{reverse('queue')}?{searched(request).view}")
