"""Who watches a mailbox: one process of all hosts, by a lease that it renews; the others stand by and take over.

A lease that runs out is anybody's. That of a process of this machine which is dead already is taken at once, so that a
watcher that is started again does not wait for its predecessor's to end.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db.models import Q
from django.db.models.functions import Now

from worker.models import Control
from worker.services.leases import later
from worker.services.prepared import PreparedUpdate

WATCH = "watch"  # the Control row of the lease: its `at` is when it ends; then the mailbox's suffix
LEASE_S = 15.0
RENEW_S = 5.0
MARKS = (Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid"))


class Post:
    """A watcher's claim to one mailbox. Not for several threads at once; every method may raise a database error."""

    def __init__(self, suffix: str) -> None:
        """`suffix` is the mailbox's (config.accounts.Account)."""
        self._row = Control.objects.filter(name=WATCH + suffix)
        self._name = WATCH + suffix
        self._me = {"holder": uuid4().hex, "place": _place(), "pid": os.getpid()}
        mine_or_free = Q(value__holder=self._me["holder"]) | Q(at__lt=Now())
        self._mine: dict[str, Any] = {"value": self._me, "at": later(LEASE_S)}
        self._take = PreparedUpdate(Control, where=("name",), fixed=mine_or_free, asynchronous=True, **self._mine)
        self._renewed_at: float | None = None

    def hold(self) -> bool:
        """Take the post, or keep it; False while somebody else has it. Cheap where it was renewed a moment ago."""
        if self._renewed_at is not None and time.monotonic() - self._renewed_at < RENEW_S:
            return True
        self._renewed_at = time.monotonic() if self._claim() else None
        return self._renewed_at is not None

    def leave(self) -> None:
        """Let the next one have it."""
        self._renewed_at = None
        self._row.filter(value__holder=self._me["holder"]).delete()

    @property
    def is_taken(self) -> bool:
        """Whether anybody has it."""
        return self._row.filter(at__gte=Now()).exists()

    def _claim(self) -> bool:
        if self._take.run(name=self._name):
            return True
        holder = self._row.first()
        if holder is None:
            return bool(Control.objects.get_or_create(name=self._name, defaults=self._mine)[1])
        if not _is_dead(holder.value, self._me):
            return False
        return bool(self._row.filter(value__holder=holder.value["holder"]).update(**self._mine))


def _place() -> str:
    """What names this machine's running processes, so that a pid means something; "" where the system does not tell."""
    try:
        return f"{MARKS[0].read_text('ascii').strip()} {MARKS[1].readlink()}"
    except OSError:
        return ""


def _is_dead(holder: dict[str, object], me: dict[str, object]) -> bool:
    """Whether `holder` was a process of this machine that is there no more."""
    pid = holder.get("pid")
    if not me["place"] or holder.get("place") != me["place"] or not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
