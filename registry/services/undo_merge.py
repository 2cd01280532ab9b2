"""Undo a merge: a person puts a request back to where it stood before an answer completed it or took it back."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import Target, get_current, record_change
from registry.services.complete import COMPLETABLE, COMPLETED, KEPT, WITHDRAWN
from registry.services.overruled import about_mail
from registry.services.refusals import NotAllowedError
from worker.models import Event, Mail

UNDONE = "merge_undone"
UNDOABLE = (*COMPLETABLE, RegistrationStatus.WITHDRAWN)


@transaction.atomic
def undo_merge(target: Target, event_id: int, actor: User) -> Registration:
    """Put the registration back to before the event `event_id`, which must be its `latest_merge`.

    Raises ChangeRefusedError: OutdatedError where it changed since the person looked, NotAllowedError where something
    else happened to it after that merge, or staff have decided it.
    """
    registration = get_current(target, UNDOABLE)
    event = latest_merge(registration)
    if event is None or event.pk != event_id:
        raise NotAllowedError(registration.status)
    return undo(registration, event, actor)


def undo(registration: Registration, event: Event, actor: User) -> Registration:
    """The same for a row that is known to be current and its `latest_merge`."""
    before = {name: event.details["stood"][name] for name in KEPT}
    details = {"undone": event.pk, "by_mail": event.details["by_mail"]}
    answer = Mail.objects.defer("verdict", "trace").get(pk=event.details["by_mail"])
    said = about_mail(answer, f"linked_by_{answer.linked_by}", "conversation", UNDONE)
    return record_change(registration, actor, UNDONE, before, stood={}, **details, **said)


def latest_merge(registration: Registration) -> Event | None:
    """The last change to the registration where that is a merge not undone yet; merges can be undone one by one."""
    if registration.is_erased:
        return None
    undone: set[int] = set()
    for event in Event.objects.filter(registration=registration, details__has_key="version").order_by("-pk"):
        if event.verb == UNDONE:
            undone.add(event.details["undone"])
        elif event.pk not in undone:
            return event if event.verb in {COMPLETED, WITHDRAWN} else None
    return None


def undo_merges_of(mail_id: int, actor: User, allowed: Collection[str] = UNDOABLE) -> list[Registration]:
    """Undo all that the mail did to requests of its conversation. Raises NotAllowedError where one cannot be undone."""
    merges = Event.objects.filter(verb__in=[COMPLETED, WITHDRAWN], details__by_mail=mail_id).order_by("-pk")
    undone = Event.objects.filter(verb=UNDONE, details__by_mail=mail_id)
    settled = {event.details["undone"] for event in undone}
    changed = []
    for event in merges.select_related("registration"):
        if event.pk in settled or event.registration is None:
            continue
        registration = event.registration
        latest = latest_merge(registration)
        if registration.status not in allowed or latest is None or latest.pk != event.pk:
            raise NotAllowedError(registration.status)
        changed.append(undo(registration, event, actor))
    return changed
