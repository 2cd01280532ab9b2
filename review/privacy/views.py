"""Covering and uncovering personal numbers on the pages of a case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from review.labels import label
from review.people import actor
from review.privacy.reveal import hide_again, uncover
from staff.access import needs
from staff.roles import Ability
from worker.models import Mail


@needs(Ability.DECIDE, about="mail")
@require_POST
def show_personal(request: HttpRequest, pk: int) -> HttpResponse:
    """Uncover the mails of this mail's case for a while, in this session."""
    uncover(request, get_object_or_404(Mail, pk=pk), actor(request))
    messages.warning(request, label("done", "personal_shown"))
    return redirect(_back(request, pk))


@needs(Ability.DECIDE, about="mail")
@require_POST
def hide_personal(request: HttpRequest, pk: int) -> HttpResponse:
    """Cover them again."""
    hide_again(request, get_object_or_404(Mail, pk=pk))
    return redirect(_back(request, pk))


def _back(request: HttpRequest, pk: int) -> str:
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) and back.startswith("/")
    return back if is_ours else resolve_url("mail", pk=pk)
