"""Ask again: a letter of staff about one registration."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from registry.models import Registration
from registry.services.change import Target
from registry.services.refusals import ChangeRefusedError
from registry.services.write_reply import ask_again
from review.forms import LetterForm
from review.headlines import readable_raw
from review.knowledge import get_catalogue
from review.letters import draft_letter
from review.outbox import tell_on_its_way
from review.people import actor
from review.views.case import refused
from staff.access import needs
from staff.roles import Ability
from worker.intake.parse import parse_message


@needs(Ability.DECIDE, about="registration")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft; with POST, queue what the person made of it."""
    registration = get_object_or_404(Registration.objects.select_related("mail", "mail__original"), pk=pk)
    own_address = settings.ASPOKTATAS.account_of(registration.mail.mailbox).address
    message = parse_message(readable_raw(registration.mail))
    if request.method == "POST":
        form = LetterForm(request.POST)
        if form.is_valid():
            target = Target(pk, form.cleaned_data["version"] or 0)
            try:
                after = ask_again(target, actor(request), message, form.letter, own_address)
            except ChangeRefusedError as error:
                return refused(request, pk, error, target.version)
            tell_on_its_way(request, "asked", registration.mail, name=after.full_name or f"#{pk}")
            return redirect(f"{reverse('case', args=[pk])}?{request.GET.urlencode()}")
    else:
        draft = draft_letter(message, registration, get_catalogue(), own_address)
        form = LetterForm(
            initial={
                "to": ", ".join(draft.to),
                "cc": ", ".join(draft.cc),
                "subject": draft.subject,
                "text": draft.text,
                "version": registration.version,
            }
        )
    back = f"{reverse('case', args=[pk])}?{request.GET.urlencode()}"
    context = {"form": form, "registration": registration, "mail": registration.mail, "back": back}
    return render(request, "review/letter.html", context, status=400 if form.errors else 200)
