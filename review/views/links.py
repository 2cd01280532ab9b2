"""To which case a mail belongs, in a person's hands: link it to another one, or take it out of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from registry.services.link_mail import MailChangedError, link_mail, unlink_mail
from registry.services.refusals import ChangeRefusedError, NotAllowedError
from review.knowledge import get_catalogue
from review.labels import label
from review.linkable import find_cases
from review.listing import Search
from review.outbox import ring_for_replies
from review.people import actor
from review.views.mails import get_mail, show_mail
from staff.access import needs
from staff.roles import Ability
from worker.models import Conversation, Mail

NUMBER_LENGTH = 18


@needs(Ability.DECIDE, about="mail")
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Search the case by number or words; with POST, let the mail belong to it."""
    mail = get_mail(pk)
    chosen = _number(request.POST.get("conversation", ""))
    if request.method == "POST" and chosen is not None:
        change = partial(link_mail, pk, chosen, actor(request), seen=_number(request.POST.get("seen", "")))
        return _do(request, pk, "mail_linked", change, number=chosen)
    words = Search.from_query(request.GET, get_catalogue()).words
    context = {"mail": mail, "words": words, "cases": find_cases(mail, words), "back": _back(request, pk)}
    return render(request, "review/mail_link.html", context)


@needs(Ability.DECIDE, about="mail")
@require_POST
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the mail begin a case of its own."""
    change = partial(unlink_mail, pk, actor(request), seen=_number(request.POST.get("seen", "")))
    return _do(request, pk, "mail_unlinked", change)


def _do(request: HttpRequest, pk: int, verb: str, change: Callable[[], Mail], **facts: object) -> HttpResponse:
    """Do it and let the worker look at the mail again; or the mail's page as it is, and why it was not done."""
    get_mail(pk)
    try:
        change()
    except Conversation.DoesNotExist:
        return show_mail(request, pk, status=409, refusal=label("refused", "no_such_case"))
    except MailChangedError:
        return show_mail(request, pk, status=409, refusal=label("refused", "mail_changed"))
    except NotAllowedError as error:
        refusal = label("refused", "mail_settled", state=label("status", error.state))
        return show_mail(request, pk, status=409, refusal=refusal)
    except ChangeRefusedError:
        return show_mail(request, pk, status=409, refusal=label("refused", "outdated"))
    ring_for_replies()
    messages.success(request, label("done", verb, **facts))
    return redirect(_back(request, pk))


def _back(request: HttpRequest, pk: int) -> str:
    """The page that the button stood on, if it is one of ours; else the mail's."""
    address = request.POST.get("back", "") or request.GET.get("back", "")
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else reverse("mail", args=[pk])


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH else None
