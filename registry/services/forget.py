"""Forget: what the directories learned by a decision that is taken back, unless somebody else vouched for it too."""

from __future__ import annotations

from registry.directory import mark_directories_changed
from registry.models import AcceptedAddress, Clerk
from worker.models import Event


def forget_clerk(confirmed: Event) -> None:
    """Take the jegyző out of the directory that the event put there."""
    details = confirmed.details
    if not details.get("learned") or _said_again(confirmed):
        return
    rows = Clerk.objects.filter(municipality=details["municipality"], address=details["address"], source="staff")
    rows.delete()
    mark_directories_changed()


def forget_address(accepted: Event) -> None:
    """The same for an address that was taken for personal."""
    if not accepted.details.get("learned") or _said_again(accepted):
        return
    AcceptedAddress.objects.filter(pk=accepted.details["address"]).delete()
    mark_directories_changed()


def _said_again(event: Event) -> bool:
    """Whether a later event says the same, about another request."""
    later = Event.objects.filter(verb=event.verb, pk__gt=event.pk, details__address=event.details["address"])
    return later.exclude(registration=event.registration_id).exists()
