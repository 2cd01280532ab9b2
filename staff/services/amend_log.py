"""The only way to change or delete what the append-only logs hold: for retention and erasure, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from staff.models import Amendment


@contextmanager
def amendable_log() -> Iterator[None]:
    """Within it this transaction, and no other, may update and delete rows of Access and worker.models.Event.

    Whoever uses it writes an Event that says why and how many. An error within undoes everything.
    """
    with transaction.atomic():
        key = Amendment.objects.create()
        yield
        key.delete()
