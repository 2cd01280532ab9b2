"""Letters that a person lets go: the bell is rung so that they leave at once, and the page says where they wait."""

from __future__ import annotations

from threading import Thread
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from review.labels import label
from worker.models import Folder, Mail
from worker.services.controls import replies_stopped
from worker.tasks.bell import ring
from worker.tasks.work import process

BELL = "bell"


def ring_for_replies() -> None:
    """Wake the worker: something may go out. Beside the request, for a broker that is away takes seconds to say so."""
    Thread(target=ring, args=(process,), name=BELL, daemon=True).start()


def tell_on_its_way(request: HttpRequest, code: str, mail: Mail | None = None, **facts: Any) -> None:
    """Say that a letter (to `mail`) goes out soon, in the words of `code`, or that it waits: `code`_waits."""
    if waits(mail):
        messages.warning(request, label("done", f"{code}_waits", **facts))
        return
    ring_for_replies()
    messages.success(request, label("done", code, **facts))


def waits(mail: Mail | None = None) -> bool:
    """Whether letters are held back now: all of them, or those to the folder of `mail`."""
    if replies_stopped():
        return True
    if mail is None:
        return False
    return Folder.objects.filter(mailbox=mail.mailbox, name=mail.folder).exclude(held="").exists()
