"""Pages of one person's data: found, taken along, held, erased. The person is named in forms, never in an address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from registry.services.refusals import OutdatedError
from review.labels import label
from review.people import actor
from review.privacy.export import make_archive
from review.privacy.forms import EraseForm, PersonForm, chosen
from review.privacy.views import show_privacy
from review.saved_views import forget_in_views
from staff.access import needs
from staff.confirming import confirmed
from staff.roles import Ability
from worker.models import Event
from worker.services.erase_person import EraseRefusedError, erase_person, plan_erasure
from worker.services.find_person import Holdings, find_person
from worker.services.legal_hold import hold


def _about_a_person(view: Callable[[HttpRequest, PersonForm], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Hands the view the form that says whom it is about; where that says nothing usable, it is shown again."""

    @wraps(view)
    def about(request: HttpRequest) -> HttpResponse:
        form = PersonForm(request.POST)
        return view(request, form) if form.is_valid() else show_privacy(request, form=form, status=400)

    return about


@needs(Ability.PRIVACY)
@require_POST
@confirmed
@_about_a_person
def person(request: HttpRequest, form: PersonForm) -> HttpResponse:
    """Everything held of whoever the form describes."""
    return _show(request, form, find_person(form.question))


@needs(Ability.PRIVACY)
@require_POST
@confirmed
@_about_a_person
def person_export(request: HttpRequest, form: PersonForm) -> HttpResponse:
    """What was ticked, as a ZIP for the person."""
    held = chosen(request.POST, form.question)
    archive = make_archive(held, form.question, timezone.localtime())
    details = {"mails": len(held.mails), "requests": len(held.registrations), "letters": len(held.letters)}
    Event.objects.create(verb="person_exported", actor=actor(request), details=details)
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="szemelyes-adatok-{timezone.localdate():%Y%m%d}.zip"'
    return response


@needs(Ability.PRIVACY)
@require_POST
@_about_a_person
def person_hold(request: HttpRequest, form: PersonForm) -> HttpResponse:
    """Hold the cases of what was ticked."""
    held = chosen(request.POST, form.question)
    mails = {one.mail.pk for one in held.mails} | {row.mail_id for row in held.registrations}
    try:
        number = hold(mails, actor(request), request.POST.get("reason", ""))
    except ValueError:
        messages.error(request, label("privacy", "hold_reason"))
    else:
        messages.success(request, label("done", "held", number=number))
    return _show(request, form, find_person(form.question))


@needs(Ability.PRIVACY)
@require_POST
@confirmed
@_about_a_person
def person_erase(request: HttpRequest, form: PersonForm) -> HttpResponse:
    """First what would happen and what stands in its way; with the word typed, the erasure."""
    held = chosen(request.POST, form.question)
    if held.is_empty:
        messages.warning(request, label("privacy", "nothing_chosen"))
        return _show(request, form, find_person(form.question))
    erase = EraseForm(request.POST if "word" in request.POST else None)
    if not erase.is_valid():
        return _ask(request, form, held, erase)
    values = erase.cleaned_data
    try:
        address = form.question.address
        done = erase_person(held, actor(request), values["why"], withdraw=values["withdraw"], address=address)
    except (EraseRefusedError, OutdatedError):
        return _ask(request, form, held, erase, status=409)
    forget_in_views(form.question.address, form.question.name)
    messages.success(request, label("done", "person_erased", **done))
    return redirect("privacy")


def _show(request: HttpRequest, form: PersonForm, held: Holdings) -> HttpResponse:
    context = {"page": "privacy", "form": form, "question": form.question, "held": held}
    return render(request, "review/privacy/person.html", context)


def _ask(
    request: HttpRequest, form: PersonForm, held: Holdings, erase: EraseForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "page": "privacy",
        "question": form.question,
        "held": held,
        "plan": plan_erasure(held),
        "erase": erase,
        "directories": "directories" in request.POST,
        "word": label("privacy", "word"),
    }
    return render(request, "review/privacy/erase.html", context, status=400 if erase.errors else status)
