"""Notes: what members of staff write down about a request for each other. No letter and no file ever holds one.

A note that its author removes is no longer shown; the events say so, which is how it can be brought back.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import CaseNote, Registration
from registry.services.refusals import NotAllowedError
from worker.models import Event

ADDED, REMOVED, RESTORED = "note_added", "note_removed", "note_restored"
LONGEST = 4000


@transaction.atomic
def add_note(pk: int, text: str, actor: User) -> CaseNote:
    """Write a note about the request, whatever its status. ValueError for a blank one."""
    text = text.replace("\0", "").strip()[:LONGEST]
    if not text:
        raise ValueError("a note says something")
    registration = Registration.objects.get(pk=pk)
    note = CaseNote.objects.create(registration=registration, author=actor, text=text)
    _record(ADDED, note, actor, registration.mail_id)
    return note


@transaction.atomic
def remove_note(note_id: int, actor: User) -> CaseNote:
    """Take a note off the page; only its author may (NotAllowedError). Doing it twice changes nothing."""
    return _turn(note_id, actor, REMOVED)


@transaction.atomic
def restore_note(note_id: int, actor: User, *, undone: int) -> CaseNote:
    """Bring a note back that the event `undone` removed; the same refusal."""
    return _turn(note_id, actor, RESTORED, undone=undone)


def get_notes(pk: int, events: Iterable[Event] | None = None) -> list[CaseNote]:
    """The notes of the request that were not removed, oldest first, with their authors.

    `events` are the request's own, oldest first, where the caller has them.
    """
    if events is None:
        events = Event.objects.filter(registration=pk, verb__in=[REMOVED, RESTORED]).order_by("pk")
    gone: set[int] = set()
    for event in events:
        if event.verb in {REMOVED, RESTORED}:
            (gone.add if event.verb == REMOVED else gone.discard)(event.details["note"])
    rows = CaseNote.objects.filter(registration=pk).select_related("author").order_by("pk")
    return [note for note in rows if note.pk not in gone]


def _turn(note_id: int, actor: User, verb: str, **details: int) -> CaseNote:
    note = CaseNote.objects.select_for_update(of=("self",)).select_related("registration").get(pk=note_id)
    if note.author_id != actor.pk:
        raise NotAllowedError(note.registration.status)
    shown = any(one.pk == note.pk for one in get_notes(note.registration_id))
    if shown is (verb == REMOVED):
        _record(verb, note, actor, note.registration.mail_id, **details)
    return note


def _record(verb: str, note: CaseNote, actor: User, mail_id: int, **details: int) -> None:
    Event.objects.create(
        actor=actor,
        verb=verb,
        mail_id=mail_id,
        registration_id=note.registration_id,
        details={"note": note.pk, **details},
    )
