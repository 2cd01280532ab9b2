"""Ringing the bell: publish a task and never mind if that fails."""

from __future__ import annotations

import logging
from typing import Any

EXPIRES_S = 60  # by then the sweep has rung again

log = logging.getLogger(__name__)


def ring(*tasks: Any) -> None:
    """Publish each task without arguments; a broker that takes none costs latency and nothing else."""
    for task in tasks:
        try:
            task.apply_async(expires=EXPIRES_S, retry=False)
        except Exception as error:  # whatever the broker's client raises: it is away, full, or only reads
            log.warning("the broker takes no message (%s): the sweep will find the work", type(error).__name__)
            return
