"""What following a mail costs: `python -m bench.following 2>/dev/null` (CPU time, µs, the best of five rounds)."""

from __future__ import annotations

import logging
import logging.config
import time
from collections.abc import Callable

from config.logs import STYLES, logging_settings
from worker import tracing
from worker.following import followed, following, note

ROUNDS = 5


def cost(work: Callable[[], None], times: int = 3000) -> float:
    """Microseconds of one `work`."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(times):
            work()
        spent.append(time.process_time() - begun)
    return min(spent) / times * 1e6


def step() -> None:
    """What the line does around its work on a mail."""
    with following("decide", 12):
        note(kind="registration")


def main() -> None:
    """Print each."""
    print(f"a step, traces off: {cost(step):.1f}")
    for style in STYLES:
        logging.config.dictConfig(logging_settings(style))
        log = logging.getLogger("bench")
        print(f"a line of the log, {style}: {cost(lambda: log.info('mail %d: moved', 12)):.1f}")  # noqa: B023
    logging.disable()
    tracing.start_tracing(
        "http://127.0.0.1:9/v1/traces", b"bench", "0"
    )  # nobody is there: what a full queue drops is made too
    print(f"a step, traces on: {cost(step):.1f}")
    print(f"a step with others, traces on: {cost(lambda: followed('file', [12], 1)):.1f}")
    tracing.stop_tracing()


if __name__ == "__main__":
    main()
