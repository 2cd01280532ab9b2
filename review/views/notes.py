"""Notes about a request, for colleagues only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from registry.models import CaseNote, Registration
from registry.services.notes import add_note, remove_note
from registry.services.refusals import NotAllowedError
from registry.services.undo import find_undoable
from review.labels import label
from review.people import actor
from review.views.acting import address_of, undo_mark
from staff.access import needs
from staff.roles import Ability


@needs(Ability.DECIDE, about="registration")
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one down, whatever the request's status."""
    registration = get_object_or_404(Registration.objects.only("pk"), pk=pk)
    try:
        add_note(registration.pk, request.POST.get("text", ""), actor(request))
        messages.success(request, label("done", "note_added"))
    except ValueError:
        messages.error(request, label("refused", "note_empty"))
    return redirect(f"{address_of(request, pk)}#notes")


@needs(Ability.DECIDE, about="registration")
@require_POST
def remove(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Take one's own note off the page; it can be brought back."""
    row = get_object_or_404(CaseNote.objects.select_related("registration"), pk=note, registration=pk)
    try:
        remove_note(note, actor(request))
        undo = undo_mark(pk, find_undoable(row.registration))
        messages.success(request, label("done", "note_removed"), extra_tags=undo)
    except NotAllowedError:
        messages.error(request, label("refused", "note_foreign"))
    return redirect(f"{address_of(request, pk)}#notes")
