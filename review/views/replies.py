"""Replies that wait for a person: drafts, failed and uncertain ones; and the switch that stops them all."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from registry.services.acknowledge_bounce import acknowledge_bounce
from registry.services.discard_reply import discard_reply
from registry.services.refusals import NotAllowedError
from registry.services.release_reply import release_replies
from registry.services.settle_reply import send_again, settle_as_sent
from registry.services.stop_replies import release_folder, resume_replies, stop_replies
from registry.services.write_reply import ReplyChangedError, draft_recipients, edit_draft, text_mark
from review.forms import DraftForm
from review.labels import label
from review.outbox import ring_for_replies, tell_on_its_way, waits
from review.people import actor
from review.waiting import BOUNCE_SEEN, BOUNCED
from staff.access import needs
from staff.roles import Ability
from worker.intake.parse import parse_message
from worker.models import OUTGOING, Event, Reply, ReplyState

VERBS: dict[str, Callable[[int, User], Reply]] = {
    "reply_discarded": discard_reply,
    "reply_settled_sent": settle_as_sent,
    "reply_sent_again": send_again,
    "bounce_seen": acknowledge_bounce,
}


@needs(Ability.VIEW, about="reply")
@require_GET
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be, or was, sent."""
    row = _get_reply(pk)
    return _page(request, row, DraftForm(initial={"text": row.text, "seen": text_mark(row.text)}))


@needs(Ability.DECIDE, about="reply")
@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the text of a draft; with `release` among the values, let it go."""
    row = _get_reply(pk)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=400)
    text, seen = form.cleaned_data["text"].replace("\r\n", "\n"), form.cleaned_data["seen"]
    try:
        if text.strip() != row.text.strip():
            message = parse_message(row.mail.raw)
            own_address = settings.ASPOKTATAS.account_of(row.mail.mailbox).address
            edit_draft(pk, actor(request), message, text, seen=seen, own_address=own_address)
            messages.success(request, label("done", "reply_edited"))
        elif text_mark(row.text) != seen:
            raise ReplyChangedError("edited by somebody else in the meantime")
    except NotAllowedError as error:
        messages.error(request, label("done", "reply_gone", state=label("reply_state", error.state)))
        return redirect("reply", pk=pk)
    except ReplyChangedError:
        messages.error(request, label("done", "reply_outdated"))
        return redirect("reply", pk=pk)
    if "release" in request.POST:
        return _release(request, [pk])
    return redirect("reply", pk=pk)


@needs(Ability.DECIDE)
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Let the marked drafts go, or all of them."""
    if "all" in request.POST:
        return _release(request, None)
    rows = [one for one in request.POST.getlist("row") if one.isascii() and one.isdigit() and len(one) < 19]
    return _release(request, [int(one) for one in rows])


@needs(Ability.DECIDE, about="reply")
@require_POST
def settle(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of VERBS."""
    if verb not in VERBS:
        raise Http404
    try:
        row = _get_reply(pk)
        VERBS[verb](row.pk, actor(request))
        if verb == "reply_sent_again":
            tell_on_its_way(request, verb, row.mail)
        else:
            messages.success(request, label("done", verb))
    except NotAllowedError as error:
        messages.error(request, label("done", "reply_gone", state=label("reply_state", error.state)))
    return redirect(f"{reverse('queue')}?tab={'drafts' if verb == 'reply_discarded' else 'uncertain'}")


@needs(Ability.SWITCH)
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Stop all replies (asked once more before), or let them go out again; the person stays on the same page."""
    back = _back(request)
    if request.POST.get("to") == "stop":
        if "sure" not in request.POST:
            return render(request, "review/stop_confirm.html", {"back": back})
        stop_replies(actor(request))
        messages.warning(request, label("done", "replies_stopped"))
    else:
        resume_replies(actor(request))
        ring_for_replies()
        messages.success(request, label("done", "replies_resumed"))
    return redirect(back)


@needs(Ability.SWITCH, about="folder")
@require_POST
def release_held_folder(request: HttpRequest, pk: int) -> HttpResponse:
    """Replies to a folder's mails need not wait any more."""
    if release_folder(pk, actor(request)):
        ring_for_replies()
        messages.success(request, label("done", "folder_released"))
    return redirect(_back(request))


def _release(request: HttpRequest, ids: list[int] | None) -> HttpResponse:
    number = release_replies(actor(request), ids)
    tell_on_its_way(request, "replies_released", number=number)
    return redirect(f"{reverse('queue')}?tab=drafts")


def _back(request: HttpRequest) -> str:
    """The page that the button stood on; nothing that leads out of the house."""
    address = request.POST.get("back", "")
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else reverse("queue")


def _page(request: HttpRequest, row: Reply, form: DraftForm, status: int = 200) -> HttpResponse:
    to, cc = draft_recipients(row)
    events = list(Event.objects.filter(reply=row).select_related("actor").order_by("pk"))
    verbs = {event.verb for event in events}
    context = {
        "reply": row,
        "form": form,
        "to": to,
        "cc": cc,
        "events": events,
        "is_draft": row.state == ReplyState.DRAFT,
        "is_outgoing": row.state in OUTGOING,
        "is_held": row.state in OUTGOING and waits(row.mail),
        "is_bounced": BOUNCED in verbs and BOUNCE_SEEN not in verbs,
    }
    return render(request, "review/reply.html", context, status=status)


def _get_reply(pk: int) -> Reply:
    return get_object_or_404(Reply.objects.select_related("mail", "mail__original", "author"), pk=pk)
