"""Stop and resume: the switch that holds every reply back, thrown by the breaker or by a person."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from worker.models import Control, Event, Folder
from worker.services.controls import REPLIES_STOPPED


@transaction.atomic
def stop_replies(actor: User) -> None:
    """No reply goes out until somebody resumes; nothing is lost."""
    _, created = Control.objects.get_or_create(
        name=REPLIES_STOPPED, defaults={"value": {"reason": "staff"}, "at": Now()}
    )
    if created:
        Event.objects.create(actor=actor, verb="replies_stopped")


@transaction.atomic
def resume_replies(actor: User) -> None:
    """Replies may go out again."""
    stopped = Control.objects.filter(name=REPLIES_STOPPED).first()
    if stopped is not None:
        reason = stopped.value.get("reason", "")
        stopped.delete()
        Event.objects.create(actor=actor, verb="replies_resumed", details={"reason": reason})


@transaction.atomic
def release_folder(folder_id: int, actor: User) -> bool:
    """Replies to this folder's mails need not wait any more; False where they were not held."""
    folder = Folder.objects.get(pk=folder_id)
    released = Folder.objects.filter(pk=folder_id).exclude(held="").update(held="")
    if released:
        Event.objects.create(actor=actor, verb="folder_released", details={"folder": folder.name, "was": folder.held})
    return bool(released)
