"""What people of staff did to mails, as log lines: the same as the events say, without who and with what words."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from worker.models import Event

log = logging.getLogger(__name__)


def log_acts(events: Iterable[Event]) -> None:
    """Log those of `events` that a person brought about and that name a mail, once they are committed."""
    for event in events:
        if event.actor_id is not None and event.mail_id is not None:
            keys = {"mail": event.mail_id, "request": event.registration_id, "reply": event.reply_id}
            named = {name: key for name, key in keys.items() if key is not None}
            said = ", ".join(f"{name} %d" for name in named) + ": %s by staff"
            transaction.on_commit(partial(log.info, said, *named.values(), event.verb))
