"""The page of one mail, and what may be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.models import HandlingOutcome, Registration
from registry.services.handle_mail import finish_mail, open_registration, reopen_mail
from registry.services.refusals import OvertakenError
from registry.services.write_reply import last_letter, write_reply
from review.conversation import get_talk
from review.fields import given_by
from review.forms import LetterForm
from review.headlines import name_unread, readable_raw
from review.knowledge import get_catalogue
from review.labels import label
from review.letters import draft_letter
from review.mailview import view_mail
from review.originals import raw_excerpt
from review.outbox import tell_on_its_way
from review.panels import Asked, Panel
from review.people import actor
from review.screen import for_screen
from review.templatetags.words import person
from review.trace import read_trace
from review.why_manual import tell_waiting
from staff.access import needs
from staff.roles import Ability
from worker.intake.parse import parse_message
from worker.models import Mail, MailState


@needs(Ability.VIEW, about="mail")
@require_GET
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail with its case, trace, replies and history."""
    return show_mail(request, pk)


def show_mail(request: HttpRequest, pk: int, *, status: int = 200, refusal: str = "") -> HttpResponse:
    """The page of a mail, with why something was not done; one in quarantine is shown raw, for parsing may be what
    failed."""
    row = get_mail(pk)
    failed = row.state == MailState.FAILED
    talk = get_talk(row)
    registrations = [one for one in talk.requests if one.mail_id == row.pk]
    name_unread([row, *(one.mail for one in talk.entries if one.mail is not None)])
    context = {
        "mail": row,
        "panel": None if failed else _panel(row, Asked.from_query(request.GET), talk.requests),
        "raw": for_screen(raw_excerpt(row.raw)) if failed else "",
        "talk": talk,
        "waits": tell_waiting(row, talk.events),
        "trace": read_trace(row.verdict, None, everybody=not registrations),
        "registrations": registrations,
        "events": [event for event in talk.events if event.mail_id == row.pk],
        "handling": getattr(row, "handling", None),
        "refusal": refusal,
    }
    return render(request, "review/mail.html", context, status=status)


@needs(Ability.DECIDE, about="mail")
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the mail off the manual list."""
    outcome = request.POST.get("outcome", "")
    finish_mail(get_mail(pk).pk, actor(request), HandlingOutcome(outcome if outcome in HandlingOutcome else "done"))
    messages.success(request, label("done", "mail_finished"))
    return redirect(f"{reverse('queue')}?tab=review")


@needs(Ability.DECIDE, about="mail")
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the mail back on the manual list."""
    reopen_mail(get_mail(pk).pk, actor(request))
    messages.success(request, label("done", "mail_reopened"))
    return redirect("mail", pk=pk)


@needs(Ability.DECIDE, about="mail")
@require_POST
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a registration that the worker did not see in the mail."""
    seen = request.POST.get("seen", "")
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 5 else 0
    try:
        registration = open_registration(get_mail(pk).pk, actor(request), known=known)
    except OvertakenError:
        return show_mail(request, pk, status=409, refusal=label("refused", "opened_already"))
    messages.success(request, label("done", "opened"))
    return redirect("case", pk=registration.pk)


@needs(Ability.DECIDE, about="mail")
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter to the sender of a mail that is no registration.

    A second one is always asked about: *back* loads this page anew, so what it knew of tells nothing.
    """
    row = get_mail(pk)
    own_address = settings.ASPOKTATAS.account_of(row.mailbox).address
    message = parse_message(readable_raw(row))
    refusal = ""
    if request.method == "POST":
        form = LetterForm(request.POST)
        if form.is_valid():
            try:
                known = form.cleaned_data["version"] or 0
                write_reply(row, actor(request), message, form.letter, own_address, known=known)
            except OvertakenError as error:
                refusal = label("refused", "answered_already", who=person(error.actor))
                data = request.POST.copy()
                data["version"] = str(last_letter(row))
                form = LetterForm(data)
            else:
                finish_mail(row.pk, actor(request), HandlingOutcome.ANSWERED)
                tell_on_its_way(request, "letter_sent", row)
                return redirect(f"{reverse('queue')}?tab=review")
    else:
        draft = draft_letter(message, None, get_catalogue(), own_address)
        form = LetterForm(
            initial={"to": ", ".join(draft.to), "cc": ", ".join(draft.cc), "subject": draft.subject, "text": draft.text}
        )
    context = {"form": form, "mail": row, "back": reverse("mail", args=[pk]), "refusal": refusal}
    return render(request, "review/letter.html", context, status=409 if refusal else 400 if form.errors else 200)


def _panel(row: Mail, asked: Asked, requests: Sequence[Registration]) -> Panel:
    """The mail in the view that was asked for, with what any of the requests has of it."""
    if asked.leaves_for_later(row):
        return Panel(row, 0, None)
    return Panel(row, 0, view_mail(row, given_by(requests), home=False, view=asked.view_of(row)))


def get_mail(pk: int) -> Mail:
    """The mail with all that its page needs; 404 where there is none."""
    rows = Mail.objects.select_related("original", "handling", "handling__actor", "twin_of", "conversation")
    return get_object_or_404(rows, pk=pk)
