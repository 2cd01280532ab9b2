"""Forget a person in what the directories keep beside their rows: events of rows by hand, uploaded files, reports."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import Q

from registry.uploads import Upload, UploadState
from staff.services.amend_log import amendable_log
from worker.models import Event

LEARNED = ("clerk_confirmed", "address_accepted")  # decisions on requests, of others too
VERBS = ("directory_added", "directory_changed", "directory_deleted")
OF_PEOPLE = ("clerks", "accounts", "addresses")
FORGOTTEN = "–"


@transaction.atomic
def forget_in_directories(addresses: Collection[str]) -> int:
    """Empty every event of a row with one of `addresses`, and every upload that names one; returns how many.

    In decisions on other people's requests only the address goes. That something was changed, when and by whom, stays.
    """
    wanted = {address.lower() for address in addresses if address}
    if not wanted:
        return 0
    events = [event for event in _events() if wanted & {str(one).lower() for one in _texts(event.details)}]
    with amendable_log():
        for event in events:
            details = {"directory": event.details["directory"], "key": [FORGOTTEN], "changed": {}}
            Event.objects.filter(pk=event.pk).update(details=details)
        number = sum(_forget_decisions(address) for address in wanted)
    uploads = [upload.pk for upload in _uploads() if _names(upload, wanted)]
    rows = Upload.objects.filter(pk__in=uploads)
    rows.filter(state=UploadState.PLANNED).update(state=UploadState.DROPPED)
    rows.update(data=None, report=None)
    return len(events) + number + len(uploads)


def _forget_decisions(address: str) -> int:
    """Take the address out of what decisions say that they learned, and of what stood at a request before them."""
    said = Q(verb__in=LEARNED, details__address__iexact=address)
    events = list(Event.objects.filter(said | Q(details__stood__jegyzo_address__iexact=address)))
    for event in events:
        details = dict(event.details)
        if str(details.get("address", "")).lower() == address:
            details["address"] = FORGOTTEN
        if isinstance(stood := details.get("stood"), dict) and str(stood.get("jegyzo_address", "")).lower() == address:
            details["stood"] = {**stood, "jegyzo_address": ""}
        Event.objects.filter(pk=event.pk).update(details=details)
    return len(events)


def _events() -> Iterator[Event]:
    return Event.objects.filter(verb__in=VERBS, details__directory__in=OF_PEOPLE).iterator()


def _texts(details: dict[str, object]) -> Iterator[object]:
    key, changed = details.get("key"), details.get("changed")
    yield from key if isinstance(key, list) else ()
    for pair in changed.values() if isinstance(changed, dict) else ():
        yield from pair


def _uploads() -> Iterator[Upload]:
    return Upload.objects.filter(what__in=OF_PEOPLE).exclude(data=None, report=None).iterator(chunk_size=1)


def _names(upload: Upload, addresses: set[str]) -> bool:
    """Whether file or report holds one of the addresses; a workbook that still waits is taken to."""
    if upload.report is None:
        return True
    report = zlib.decompress(upload.report).decode().lower()
    return upload.data is not None or any(address in report for address in addresses)
