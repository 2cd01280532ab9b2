"""Ending in good order: on signals, and when the process that started us is gone."""

from __future__ import annotations

import os
import signal
import threading
import time
from types import FrameType

PARENT_PIPE = "ASPO_PARENT_PIPE"  # set for children whose standard input is a pipe that only their parent holds open
STOPS_WITHIN_S = 60.0  # what a process gets to finish the mail it has in hand

STDIN = 0


def stop_on_signals(stop: threading.Event) -> None:
    """Let SIGTERM and Ctrl-C set `stop`; only the main thread may call this."""

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)


def end_with_parent(patience_s: float = STOPS_WITHIN_S) -> None:
    """Where `run` started this process: end it as soon as `run` is gone, however it went; in good order if it can."""
    if os.environ.pop(PARENT_PIPE, ""):
        threading.Thread(target=_wait_for_parent, args=(patience_s,), daemon=True, name="parent").start()


def _wait_for_parent(patience_s: float) -> None:
    while os.read(STDIN, 1):  # not sys.stdin: its lock, held here, would be copied into every child of a fork
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(patience_s)
    # still here: it hangs in a call that no signal ends, as Celery's beat does towards a Redis that says nothing
    if os.getpgrp() == os.getpid():  # `run` gave it a session of its own: its pool ends with it
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
