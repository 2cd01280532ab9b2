"""Mails that failed: let the worker try again, or take them over by hand."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from registry.services.hand_over_mail import hand_over_as_request, hand_over_mail
from registry.services.refusals import NotAllowedError
from review.headlines import read_headline
from review.labels import label
from review.outbox import ring_for_replies
from review.people import actor
from review.views.mails import get_mail, show_mail
from staff.access import needs
from staff.roles import Ability
from worker.models import Event
from worker.services.quarantine import quarantined
from worker.services.quarantine import retry as retry_mails


@needs(Ability.DECIDE, about="mail")
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the worker try a quarantined mail again."""
    mail = get_mail(pk)
    if not _retry(request, [pk]):
        refusal = label("refused", "not_in_quarantine", state=label("mail_state", mail.state))
        return show_mail(request, pk, status=409, refusal=refusal)
    messages.success(request, label("done", "mail_retried"))
    return redirect("mail", pk=pk)


@needs(Ability.SWITCH)
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """The same for every mail in quarantine."""
    number = _retry(request, list(quarantined().values_list("pk", flat=True)))
    if number:
        messages.success(request, label("done", "mails_retried", number=number))
    return redirect(f"{reverse('queue')}?tab=quarantine")


@needs(Ability.DECIDE, about="mail")
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the mail to the manual list; with `request` among the values, open a request for one of its people."""
    mail = get_mail(pk)
    headline = read_headline(bytes(mail.original.data))
    try:
        if "request" in request.POST:
            registration = hand_over_as_request(pk, actor(request), headline)
            messages.success(request, label("done", "opened"))
            return redirect("case", pk=registration.pk)
        hand_over_mail(pk, actor(request), headline)
    except NotAllowedError as error:
        refusal = label("refused", "not_in_quarantine", state=label("mail_state", error.state))
        return show_mail(request, pk, status=409, refusal=refusal)
    ring_for_replies()
    messages.success(request, label("done", "handed_over"))
    return redirect("mail", pk=pk)


def _retry(request: HttpRequest, keys: Sequence[int]) -> int:
    """How many were put back in line; each with who asked for it."""
    waiting = list(quarantined().filter(pk__in=keys).values_list("pk", flat=True))
    number = retry_mails(waiting) if waiting else 0
    Event.objects.bulk_create(Event(actor=actor(request), verb="retry_asked", mail_id=key) for key in waiting)
    if number:
        ring_for_replies()
    return number
