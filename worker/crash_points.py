"""Crash points: named places of the protocol at which a test lets the process die (tests/faults, docs/reliability.md).

Every call stands under `if __debug__:`, so that `python -O`, which our image sets, compiles it away. Without -O a call
does nothing unless ASPOKTATAS_CRASH_AT names the point: `deliver.dot_sent`, or `deliver.dot_sent:3` for the third time
that it is reached.
"""

from __future__ import annotations

import os
import signal

POINTS = (
    "poll.fetched",  # fetched, nothing written
    "poll.storing",  # written, not committed
    "poll.stored",  # committed, nobody was told
    "poll.told",  # between two batches
    "claim.counted",  # the claim is written, not committed
    "decide.claimed",
    "decide.parsing",
    "decide.judged",
    "decide.writing",  # verdict, registrations and reply are written, not committed
    "decide.written",
    "deliver.claimed",
    "deliver.introduced",  # the server took sender and recipients
    "deliver.data_started",  # it is committed that the mail may have gone out
    "deliver.dot_sent",  # the server has the whole mail, its answer is not read
    "deliver.answered",  # read, not recorded
    "deliver.recorded",
    "copy.missing",  # not in the Sent folder yet
    "copy.added",
    "file.claimed",
    "file.moving",
    "file.moved",  # moved, not recorded
    "file.recorded",
    "sweep.swept",  # what had expired is back in line, nobody is told
)
VARIABLE = "ASPOKTATAS_CRASH_AT"

_point, _, _times = os.environ.get(VARIABLE, "").partition(":")
_left = int(_times or 1)


def reach(point: str) -> None:
    """Die here, with the whole process group and without a last word, where the environment wants it."""
    global _left  # noqa: PLW0603  # a count of the process
    if point != _point:
        return
    _left -= 1
    if _left <= 0:
        os.killpg(0, signal.SIGKILL)
