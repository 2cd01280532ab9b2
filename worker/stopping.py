"""Ending in good order: on signals, and when the process that started us is gone."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

PARENT_PIPE = "ASPO_PARENT_PIPE"  # set for children whose standard input is a pipe that only their parent holds open

STDIN = 0


def stop_on_signals(stop: threading.Event) -> None:
    """Let SIGTERM and Ctrl-C set `stop`; only the main thread may call this."""

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)


def end_with_parent() -> None:
    """Where `run` started this process: end it, in good order, as soon as `run` is gone, however it went."""
    if os.environ.pop(PARENT_PIPE, ""):
        threading.Thread(target=_wait_for_parent, daemon=True, name="parent").start()


def _wait_for_parent() -> None:
    while os.read(STDIN, 1):  # not sys.stdin: its lock, held here, would be copied into every child of a fork
        pass
    os.kill(os.getpid(), signal.SIGTERM)
