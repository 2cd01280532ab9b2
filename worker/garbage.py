"""When Python looks for cycles among its objects: rarely, and not among what stays until the process ends."""

from __future__ import annotations

import gc

ALLOCATIONS = 50_000  # containers made and not yet gone, a few megabytes; Python's own 700 cost a tenth of the CPU


def settle() -> None:
    """To be called once all is loaded, before the work and before any fork."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS)
