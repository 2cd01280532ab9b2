"""`memory://` without looking in vain: whoever puts a message in wakes the worker that waits for it.

kombu's own transport sleeps between two looks: a bell is heard late, and an idle process never rests.
"""

from __future__ import annotations

import threading
from queue import Empty
from typing import Any

from kombu.transport import memory

LOOKS_EVERY_S = 0.5  # in any case: Celery acknowledges, and hears of its stop, between two looks

_rung = threading.Event()


class Channel(memory.Channel):
    """kombu's, and it rings."""

    def _put(self, queue: str, message: Any, **options: Any) -> None:
        super()._put(queue, message, **options)  # type: ignore[no-untyped-call]  # kombu has few types
        _rung.set()


class Transport(memory.Transport):
    """kombu's, for one worker in this process."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """Deliver one message; raises TimeoutError where none comes for a while, `timeout` seconds at most."""
        assert self.cycle is not None
        longest = LOOKS_EVERY_S if timeout is None else min(timeout, LOOKS_EVERY_S)
        while True:
            _rung.clear()  # before the look: what is put in after it rings again
            try:
                self.cycle.get(self._deliver, timeout=timeout)  # type: ignore[no-untyped-call]
            except Empty:
                if not _rung.wait(longest):
                    raise TimeoutError from None
            else:
                return
