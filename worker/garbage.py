"""Memory that is no longer needed: when Python looks for it, and when the system gets it back."""

from __future__ import annotations

import ctypes
import gc

ALLOCATIONS = 50_000  # containers made and not yet gone, a few megabytes; Python's own 700 cost a tenth of the CPU
LARGE_BLOCK = 1 << 20
M_MMAP_THRESHOLD = -3  # glibc's malloc.h


def give_back_large_blocks() -> None:
    """Let freed blocks of a megabyte and more go back to the system at once.

    glibc keeps them from the first one on, in the arena of the thread that had it, and copies them when they grow: one
    large mail would make every later one dearer. Other systems' libraries have no such switch and need none.
    """
    change = getattr(ctypes.CDLL(None), "mallopt", None)
    if change is not None:
        change(M_MMAP_THRESHOLD, LARGE_BLOCK)


def settle() -> None:
    """Look for cycles rarely, and not among what stays until the process ends.

    To be called once all is loaded, before the work and before any fork.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS)
