"""The hand-over to the portal: choose, download, and close what was taken over. Every file made is an event."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import get_current_timezone, localtime
from django.views.decorators.http import require_GET, require_POST

from registry.exports.columns import FIELDS, Wording
from registry.exports.handover import DELIMITERS, MEDIA_TYPES, SUFFIXES, HandoverStyle, write_handover
from registry.models import COMPLETE, Account, Registration, RegistrationStatus
from registry.services.change import Target
from registry.services.mark_exported import mark_exported
from review.knowledge import get_catalogue
from review.labels import label, labels_of
from review.notices import count_letters, fate_of, last_event, tell_of_letters, written_since
from review.outbox import ring_for_replies
from review.people import actor
from review.targets import chosen_targets
from staff.access import needs
from staff.roles import Ability
from worker.models import Event
from worker.replies.notices import Notice

MADE = "export_made"
EARLIER_SHOWN = 10
EXCEL = "csv"  # only a byte order mark tells Excel that it is UTF-8


@needs(Ability.HAND_OVER)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """What shall be in the file, and the files made lately."""
    numbers = {status: Registration.objects.filter(status=status).count() for status in RegistrationStatus.values}
    context = {
        "page": "handover",
        "formats": labels_of("format"),
        "statuses": list(numbers.items()),
        "approved": numbers[RegistrationStatus.APPROVED],
        "delimiters": list(DELIMITERS),
        "earlier": Event.objects.filter(verb=MADE).select_related("actor").order_by("-pk")[:EARLIER_SHOWN],
    }
    return render(request, "review/handover.html", context)


@needs(Ability.HAND_OVER)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Fix what is in the file: the marked rows, or all in the chosen statuses, each in its present version."""
    name = request.POST.get("format", "moodle")
    targets = chosen_targets(request)
    if targets:
        rows = Registration.objects.filter(pk__in=[target.pk for target in targets])
    else:
        statuses = [one for one in request.POST.getlist("status") if one in RegistrationStatus.values]
        rows = Registration.objects.filter(status__in=statuses or [RegistrationStatus.APPROVED])
    if name == "moodle":
        rows = rows.filter(COMPLETE)
    chosen = [list(pair) for pair in rows.order_by("pk").values_list("pk", "version")]
    if name not in MEDIA_TYPES or not chosen:
        messages.warning(request, label("done", "export_empty"))
        return redirect("handover")
    delimiter = request.POST.get("delimiter", "")
    details = {
        "format": name,
        "delimiter": delimiter if delimiter in DELIMITERS else "semicolon",
        "bom": name == EXCEL or "bom" in request.POST,
        "rows": chosen,
    }
    event = Event.objects.create(actor=actor(request), verb=MADE, details=details)
    return redirect("handover-file", pk=event.pk)


@needs(Ability.HAND_OVER, about="export")
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The file made: what is in it, the download, and the question whether it was taken over."""
    event = _get_event(pk)
    rows = _unchanged(event)
    emails = {row.email for row in rows}
    lower = {email.lower() for email in emails}
    known = set(Account.objects.filter(pk__in=lower).values_list("pk", flat=True))
    context = {
        "page": "handover",
        "event": event,
        "rows": rows,
        "changed": len(event.details["rows"]) - len(rows),
        "approved": [row for row in rows if row.status == RegistrationStatus.APPROVED],
        "known": len(known),
        "letters": count_letters((row for row in rows if row.status == RegistrationStatus.APPROVED), known),
        "letters_fate": fate_of(Notice.REGISTERED),
        "doubled": len(rows) - len(emails) if event.details["format"] == "moodle" else 0,
        "is_moodle": event.details["format"] == "moodle",
    }
    return render(request, "review/handover_file.html", context)


@needs(Ability.HAND_OVER, about="export")
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself, made from the rows that are unchanged since."""
    event = _get_event(pk)
    details = event.details
    wording = Wording([label("column", name) for name in FIELDS], label, get_current_timezone())
    style = HandoverStyle(DELIMITERS[details["delimiter"]], bool(details["bom"]), wording)
    stream = io.BytesIO()
    rows = Registration.objects.filter(pk__in=[row.pk for row in _unchanged(event)]).order_by("pk")
    write_handover(details["format"], rows, stream, get_catalogue(), style=style)
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
    event = _get_event(pk)
    targets = [Target(key, version) for key, version in event.details["rows"]]
    keys = [target.pk for target in targets]
    places = dict(Registration.objects.filter(pk__in=keys).values_list("pk", "mail_id"))
    before = last_event()
    result = mark_exported(targets, actor(request))
    written = written_since(before, {places[pk] for pk in result.done})
    said = [label("done", "exported", number=len(result.done)), tell_of_letters(written) if result.done else ""]
    messages.success(request, " ".join(said).strip())
    ring_for_replies()
    if result.refused:
        messages.warning(request, label("done", "export_refused", number=len(result.refused)))
    return redirect(f"{reverse('queue')}?tab=approved")


def _get_event(pk: int) -> Event:
    event = get_object_or_404(Event.objects.select_related("actor"), pk=pk)
    if event.verb != MADE:
        raise Http404
    return event


def _unchanged(event: Event) -> list[Registration]:
    """The file's registrations, oldest first, without those that changed after it was made (taken back, corrected).

    Those that were only marked as exported by this very file are kept, so that it can be downloaded again.
    """
    versions: dict[int, int] = dict(event.details["rows"])
    rows = Registration.objects.select_related("mail").defer("mail__verdict", "mail__trace").in_bulk(list(versions))
    return [row for pk, row in sorted(rows.items()) if row.version == versions[pk] or _was_exported(row, versions[pk])]


def _was_exported(row: Registration, version: int) -> bool:
    return row.status == RegistrationStatus.EXPORTED and row.version == version + 1
