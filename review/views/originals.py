"""A mail in every form: its panel beside a case, its HTML in a frame, its bytes, its attachments and pictures."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from registry.models import Registration
from review.fields import given_by, kept_fields
from review.headlines import readable_raw
from review.htmlview import view_html
from review.mailview import view_mail
from review.originals import AttachedFile, find_attachments
from review.panels import Panel, view_for, view_named
from review.views.case_page import search_of, takes_values
from review.views.mails import get_mail
from staff.access import needs
from staff.roles import Ability
from worker.models import Mail

INERT = "default-src 'none'; sandbox"
HTML_POLICY = (  # colours and sizes that review.inline_styles let through, and pictures that came with the mail
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox"
)


@needs(Ability.VIEW, about="mail")
@require_GET
def panel(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One view of the mail for the page that shows it already: beside the request that `case` names, or alone."""
    row = get_mail(pk)
    registration = _request_of(request, row)
    view = view_named(name)
    own = settings.ASPOKTATAS.addresses
    if registration is not None:
        shown = view_for(registration, row, view, own)
    else:
        shown = view_mail(row, given_by(_requests_about(row)), home=False, view=view)
    context = {
        "panel": Panel(row, 0, shown),
        "registration": registration,
        "mail": row,
        "search": search_of(request, registration),
        "takes_values": registration is not None and takes_values(request, registration),
    }
    return render(request, "review/original_body.html", context)


@needs(Ability.VIEW, about="mail")
@require_GET
def html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML original, made harmless, for the sandboxed frame: nothing in it can act or fetch."""
    row = get_mail(pk)
    registration = _request_of(request, row)
    if registration is not None:
        mails = {0, row.pk} if row.pk == registration.mail_id else {row.pk}
        shown = view_html(row, kept_fields(registration), mails)
    else:
        shown = view_html(row, given_by(_requests_about(row)), {row.pk})
    response = render(request, "review/original.html", {"shown": shown})
    response["Content-Security-Policy"] = HTML_POLICY
    return response


@needs(Ability.DECIDE, about="mail")  # the bytes show what the page covers
@require_GET
def raw(_: HttpRequest, pk: int) -> HttpResponse:
    """The mail as it came, as a file."""
    return _download(get_mail(pk).raw, f"level-{pk}.eml", "message/rfc822")


@needs(Ability.DECIDE, about="mail")  # the bytes show what the page covers
@require_GET
def attachment(_: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One attachment as a file; its own type is never trusted."""
    found = _get_file(pk, number)
    return _download(found.content(), found.safe_name, "application/octet-stream")


@needs(Ability.VIEW, about="mail")
@require_GET
def picture(_: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An attached picture to look at; 404 for whatever is none by its own bytes."""
    found = _get_file(pk, number)
    if not found.picture:
        raise Http404
    return _inert(HttpResponse(found.content(), content_type=found.picture))


def _get_file(pk: int, number: int) -> AttachedFile:
    found = next((one for one in find_attachments(readable_raw(get_mail(pk))) if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _request_of(request: HttpRequest, mail: Mail) -> Registration | None:
    """The request that the address names as `case`, where the mail belongs to its conversation."""
    number = request.GET.get("case", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = Registration.objects.filter(pk=int(number)).select_related("mail").first()
    if found is None or (found.mail_id != mail.pk and found.mail.conversation_id != mail.conversation_id):
        return None
    return found if found.mail_id == mail.pk or mail.conversation_id is not None else None


def _requests_about(mail: Mail) -> list[Registration]:
    rows = Registration.objects.filter(mail__conversation=mail.conversation_id) if mail.conversation_id else None
    return list(rows if rows is not None else Registration.objects.filter(mail=mail))


def _download(content: bytes, filename: str, content_type: str) -> HttpResponse:
    """A file that no browser opens by itself, whatever is in it."""
    response = HttpResponse(content, content_type=content_type)
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return _inert(response)


def _inert(response: HttpResponse) -> HttpResponse:
    """What it is, is what its type says; it runs nothing, loads nothing, and no other site may use it."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = INERT
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
