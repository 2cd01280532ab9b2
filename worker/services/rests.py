"""Rests: a server that fails is left alone for a while, then tried by one process at a time, until it works again.

Where several mailboxes share the workers, this keeps a server that hangs from taking all of them.
"""

from __future__ import annotations

from django.db.models.functions import Now

from worker.models import Control
from worker.services.leases import later

REST = "rest:"  # and the server's name; a row from its failure until it works again, `at` says when to try
TRIAL_S = 90.0  # longer than any wait for one server's answer


class Rest:
    """What all processes know of one server's failing; whoever was allowed to try it must say how that ended."""

    def __init__(self, server: str, *, is_kept: bool) -> None:
        """`server` is smtp or imap with its mailbox's suffix; without `is_kept` it may always be tried."""
        self._row = Control.objects.filter(name=REST + server)
        self._name = REST + server
        self._is_kept = is_kept

    @property
    def is_on(self) -> bool:
        """Whether the server failed when it was tried last."""
        return self._is_kept and self._row.exists()

    def may_try(self) -> bool:
        """Whether to use the server now; after a failure only the one who asks first may."""
        return not self.is_on or self._row.filter(at__lte=Now()).update(at=later(TRIAL_S)) == 1

    def begin(self, seconds: float) -> None:
        """It failed: nobody is to try it for so many seconds."""
        if self._is_kept:
            Control.objects.update_or_create(name=self._name, defaults={"at": later(seconds)})

    def end(self) -> None:
        """It works."""
        if self._is_kept:
            self._row.delete()

    def give_turn_back(self) -> None:
        """There was nothing to try it with."""
        if self._is_kept:
            self._row.update(at=Now())
