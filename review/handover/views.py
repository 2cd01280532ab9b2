"""Files for the portal and for people: choose, look through, download, and close what was taken over."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import get_current_timezone, localtime
from django.views.decorators.http import require_GET, require_POST

from registry.exports.columns import FIELDS, Wording
from registry.exports.handover import DELIMITERS, MEDIA_TYPES, SUFFIXES, HandoverStyle, write_handover
from registry.models import Account, Registration, RegistrationStatus
from registry.portal import PortalRun
from registry.services.mark_exported import mark_exported
from registry.services.register import confirm_registered
from review.handover.exports import (
    MADE,
    MOODLE,
    MOST,
    fix_export,
    gather_people,
    get_export,
    get_left_out,
    get_unchanged,
    targets_of,
)
from review.knowledge import get_catalogue, get_module_names
from review.labels import label, labels_of
from review.notices import count_letters, fate_of, last_event, tell_of_letters, written_since
from review.outbox import ring_for_replies
from review.people import actor
from review.targets import chosen_targets
from staff.access import needs
from staff.roles import Ability
from worker.models import Event
from worker.replies.notices import Notice

EARLIER_SHOWN = 10
PEOPLE_A_PAGE = 100
EXCEL = "csv"  # only a byte order mark tells Excel that it is UTF-8


@needs(Ability.HAND_OVER)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """What shall be handed over, and what was lately."""
    numbers = {status: Registration.objects.filter(status=status).count() for status in RegistrationStatus.values}
    moodle = settings.ASPOKTATAS.moodle
    context = {
        "page": "handover",
        "formats": labels_of("format"),
        "statuses": list(numbers.items()),
        "approved": numbers[RegistrationStatus.APPROVED],
        "exported": numbers[RegistrationStatus.EXPORTED],
        "delimiters": list(DELIMITERS),
        "delimiter": moodle.delimiter,
        "service": moodle.service,
        "earlier": Event.objects.filter(verb=MADE).select_related("actor").order_by("-pk")[:EARLIER_SHOWN],
        "runs": PortalRun.objects.select_related("actor").order_by("-pk")[:EARLIER_SHOWN],
    }
    return render(request, "review/handover/choose.html", context)


@needs(Ability.HAND_OVER)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Fix what is in the file: the marked rows, or all in the chosen statuses, each in its present version."""
    name = request.POST.get("format", MOODLE)
    targets = chosen_targets(request)
    if targets:
        rows = Registration.objects.filter(pk__in=[target.pk for target in targets])
    else:
        statuses = [one for one in request.POST.getlist("status") if one in RegistrationStatus.values]
        rows = Registration.objects.filter(status__in=statuses or [RegistrationStatus.APPROVED])
    delimiter = request.POST.get("delimiter", "")
    chosen = delimiter if delimiter in DELIMITERS else settings.ASPOKTATAS.moodle.delimiter
    look = {
        "delimiter": chosen if delimiter or name == MOODLE else "semicolon",
        "bom": name == EXCEL or "bom" in request.POST,
    }
    event = fix_export(actor(request), name, rows, look) if name in MEDIA_TYPES else None
    if event is None:
        messages.warning(request, label("done", "export_empty"))
        return redirect("handover")
    return redirect("handover-file", pk=event.pk)


@needs(Ability.HAND_OVER, about="export")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes and what does not: who, as whom, into which courses; then the download or the web service."""
    event = get_export(pk)
    rows = get_unchanged(event)
    context = {"page": "handover", "event": event, "is_moodle": event.details["format"] == MOODLE}
    context |= _numbers(event, rows)
    if context["is_moodle"]:
        context |= _people(event, rows, request.GET.get("page", ""))
    else:
        context["rows"] = Paginator(rows, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "review/handover/file.html", context)


@needs(Ability.HAND_OVER, about="export")
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, made from the rows that are unchanged since."""
    event = get_export(pk)
    details = event.details
    wording = Wording([label("column", name) for name in FIELDS], label, get_current_timezone())
    style = HandoverStyle(DELIMITERS[details["delimiter"]], bool(details["bom"]), wording)
    stream = io.BytesIO()
    write_handover(details["format"], get_unchanged(event), stream, get_catalogue(), style=style)
    Event.objects.create(actor=actor(request), verb="export_downloaded", details={"export": event.pk})
    moment = localtime(event.at).strftime("%Y%m%d-%H%M")
    filename = f"asp-{details['format']}-{moment}.{SUFFIXES[details['format']]}"
    response = HttpResponse(stream.getvalue(), content_type=MEDIA_TYPES[details["format"]])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    return response


@needs(Ability.HAND_OVER, about="export")
@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Close what the file held: it is in the portal now."""
    event = get_export(pk)
    rows = get_unchanged(event).filter(status=RegistrationStatus.APPROVED)
    if event.details["format"] == MOODLE:  # who would be refused by now was not in the file
        refused = [one.pk for person in gather_people(rows) if person.problems for one in person.registrations]
        rows = rows.exclude(pk__in=refused)
    before = last_event()
    result = mark_exported(targets_of(rows, [RegistrationStatus.APPROVED]), actor(request), made_at=event.at)
    mails = Registration.objects.filter(pk__in=result.done).values_list("mail_id", flat=True)
    written = written_since(before, set(mails))
    said = [label("done", "exported", number=len(result.done)), tell_of_letters(written) if result.done else ""]
    messages.success(request, " ".join(said).strip())
    ring_for_replies()
    if left := len(event.details["rows"]) - len(result.done):
        messages.warning(request, label("done", "export_refused", number=left))
    return redirect(f"{reverse('queue')}?tab=approved")


@needs(Ability.HAND_OVER, about="export")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The accounts are there, a person says."""
    event = get_export(pk)
    targets = targets_of(get_unchanged(event), [RegistrationStatus.EXPORTED])
    result = confirm_registered(targets, actor(request))
    messages.success(request, label("done", "registered", number=len(result.done)))
    return redirect("handover-file", pk=event.pk)


def _numbers(event: Event, rows: Any) -> dict[str, Any]:
    """How many may be marked, confirmed, and how many letters that brings."""
    light = rows.select_related("mail").defer("mail__verdict", "mail__trace", "evidence", "suggestions")
    approved = list(light.filter(status=RegistrationStatus.APPROVED))
    accounts = Account.objects.filter(pk__in={row.email.lower() for row in approved}, added_at__lt=event.at)
    return {
        "number": rows.count(),
        "changed": len(event.details["rows"]) - rows.count(),
        "approved": len(approved),
        "exported": rows.filter(status=RegistrationStatus.EXPORTED).count(),
        "registered": rows.filter(status=RegistrationStatus.REGISTERED).count(),
        "letters": count_letters(approved, set(accounts.values_list("pk", flat=True))),
        "letters_fate": fate_of(Notice.REGISTERED),
    }


def _people(event: Event, rows: Any, page: str) -> dict[str, Any]:
    people = gather_people(rows)
    going = [person for person in people if not person.problems]
    return {
        "people": Paginator(people, PEOPLE_A_PAGE).get_page(page),
        "known": sum(person.has_account for person in going),
        "new": sum(not person.has_account for person in going),
        "doubled": len(going) < sum(len(person.registrations) for person in going),
        "left_out": get_left_out(event),
        "module_names": get_module_names(),
        "most": MOST,
        "service": settings.ASPOKTATAS.moodle.service,
        "runs": PortalRun.objects.filter(export=event).select_related("actor").order_by("-pk"),
        "open": [person for person in going if any(one.status in OPEN for one in person.registrations)],
    }


OPEN = (RegistrationStatus.APPROVED, RegistrationStatus.EXPORTED)  # what the web service may still take
