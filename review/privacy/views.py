"""The privacy page: retention with its dry run, cases on hold; and covering personal numbers on the pages of a case."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from review.labels import label
from review.people import actor
from review.privacy.forms import PersonForm
from review.privacy.reveal import hide_again, uncover
from staff.access import needs
from staff.confirming import confirmed
from staff.roles import Ability
from worker.models import Conversation, Event, Mail
from worker.services.legal_hold import release
from worker.services.retain import count_due, count_kept, purge

HOLDS_SHOWN = 100
PURGES_SHOWN = 10
PAGE_TURN_S = 20.0  # a browser does not wait for ever; what is left is shown again


@needs(Ability.PRIVACY)
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Search for a person; what is kept how long; what is held."""
    return show_privacy(request)


def show_privacy(request: HttpRequest, *, form: PersonForm | None = None, status: int = 200) -> HttpResponse:
    """The page, with the form as it was sent where it was not understood."""
    context = {
        "page": "privacy",
        "form": form or PersonForm(),
        "retention": settings.ASPOKTATAS.retention,
        "kept": count_kept(),
        "holds": Conversation.objects.exclude(legal_hold="").prefetch_related("mails")[:HOLDS_SHOWN],
        "purges": Event.objects.filter(verb__in=["purged", "person_erased"])
        .select_related("actor")
        .order_by("-pk")[:PURGES_SHOWN],
    }
    return render(request, "review/privacy/privacy.html", context, status=status)


@needs(Ability.PRIVACY)
@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """The dry run: what is due, and the question whether to take it out."""
    rules = settings.ASPOKTATAS.retention
    context = {"page": "privacy", "due": count_due(rules), "retention": rules}
    return render(request, "review/privacy/retention.html", context)


@needs(Ability.PRIVACY)
@require_POST
@confirmed
def purge_now(request: HttpRequest) -> HttpResponse:
    """Take out what is due; only with the box ticked."""
    if "sure" not in request.POST:
        messages.warning(request, label("privacy", "tick_the_box"))
        return redirect("retention")
    done = purge(settings.ASPOKTATAS.retention, actor(request), for_s=PAGE_TURN_S)
    numbers = {"mails": sum(done.mails.values()), "requests": sum(done.requests.values())}
    messages.success(request, label("done", "purged", **numbers))
    return redirect("retention")


@needs(Ability.PRIVACY, about="conversation")
@require_POST
def hold_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a case go that was held."""
    release(get_object_or_404(Conversation, pk=pk).pk, actor(request))
    messages.success(request, label("done", "hold_released"))
    return redirect("privacy")


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
