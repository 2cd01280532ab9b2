"""The lists: what waits for a person, and everything else on demand."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from registry.models import Account, Registration
from registry.services.approve import approve_many
from registry.services.change import Target
from review.counts import count_tabs, get_warnings
from review.headlines import name_unread
from review.knowledge import get_catalogue, get_module_names
from review.labels import label, labels_of
from review.listing import Page, Search, find_mails, find_outgoing, find_registrations, find_replies, get_page
from review.people import actor
from staff.access import needs
from staff.roles import Ability
from worker.models import Mail, Reply


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A registration with its modules' short names, and whether the portal knows the address already."""

    registration: Registration
    modules: list[str]
    has_account: bool


@needs(Ability.VIEW)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """One list with tabs, search, filters and pages."""
    catalogue = get_catalogue()
    search = Search.from_query(request.GET, catalogue)
    registrations: Page[Registration] | None = None
    mails: Page[Mail] | None = None
    replies: Page[Reply] | None = None
    if search.tab.statuses:
        registrations = get_page(find_registrations(search), search)
    if search.tab.mails and not (search.county or search.module):
        mails = get_page(find_mails(search), search)
        name_unread(mails.rows)
    if search.tab.replies:
        replies = get_page(find_replies(search), search)
    outgoing = get_page(find_outgoing(search), search) if search.tab.outgoing else None
    pages = [page for page in (registrations, mails, replies, outgoing) if page is not None]
    context = {
        "page": "queue",
        "search": search,
        "tabs": count_tabs(),
        "warnings": get_warnings(),
        "registrations": _rows(registrations) if registrations else [],
        "mails": mails.rows if mails else [],
        "replies": replies.rows if replies else [],
        "outgoing": outgoing.rows if outgoing else [],
        "is_empty": not any(page.rows for page in pages),
        "next_page": search.on_page(search.page + 1) if any(page.has_next for page in pages) else "",
        "previous_page": search.on_page(search.page - 1) if search.page > 1 else "",
        "counties": list(catalogue.counties),
        "modules": catalogue.modules,
        "sorts": labels_of("sort"),
    }
    return render(request, "review/queue.html", context)


@needs(Ability.DECIDE)
@require_POST
def bulk_approve(request: HttpRequest) -> HttpResponse:
    """Approve the marked rows that are still clean and unchanged."""
    search = Search.from_query(request.GET, get_catalogue())
    targets = chosen_targets(request)
    if not targets:
        messages.warning(request, label("done", "bulk_none"))
    else:
        result = approve_many(targets, actor(request))
        if result.done:
            messages.success(request, label("done", "bulk_approved", number=len(result.done)))
        if result.refused:
            messages.warning(request, label("done", "bulk_refused", number=len(result.refused)))
    return redirect(f"{reverse('queue')}?{search.query}")


def chosen_targets(request: HttpRequest) -> list[Target]:
    """The marked rows: each box holds the row's key and the version that was shown, as "12:3"."""
    found = []
    for value in request.POST.getlist("row"):
        key, _, version = value.partition(":")
        if key.isascii() and key.isdigit() and version.isascii() and version.isdigit():
            found.append(Target(int(key), int(version)))
    return found


def _rows(page: Page[Registration]) -> list[RegistrationRow]:
    names = get_module_names()
    known = set(Account.objects.filter(pk__in=[row.email for row in page.rows]).values_list("pk", flat=True))
    return [
        RegistrationRow(row, [names.get(one, one) for one in row.module_ids], row.email in known) for row in page.rows
    ]
