"""The product's worker and watcher, counting what Celery costs: `celery -A bench.line.counted worker`.

`python -m bench.line.counted watch` is `aspoktatas watch`. Each process writes into the folder that FOLDER_VARIABLE
names, in CPU seconds, what its tasks' bodies took and what publishing took (in bodies and outside of them).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from celery import signals
from celery.app.task import Task

from bench.line.counts import FOLDER_VARIABLE


class Count:
    """CPU seconds of this process: in the bodies of tasks, publishing in a body, publishing elsewhere."""

    body = published_inside = published_outside = 0.0
    began: float | None = None

    @classmethod
    def write(cls) -> None:
        """Put them where `read_counts` finds them; a fork has a file of its own."""
        place = Path(os.environ[FOLDER_VARIABLE]) / str(os.getpid())
        draft = place.with_suffix(".draft")
        draft.write_text(f"{cls.body} {cls.published_inside} {cls.published_outside}", "ascii")
        draft.replace(place)


@signals.worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]  # celery ships no types
def _forget_the_parents(**_: object) -> None:
    Count.body = Count.published_inside = Count.published_outside = 0.0


@signals.task_prerun.connect(weak=False)  # type: ignore[untyped-decorator]
def _begin(**_: object) -> None:
    Count.began = time.process_time()


@signals.task_postrun.connect(weak=False)  # type: ignore[untyped-decorator]
def _end(**_: object) -> None:
    assert Count.began is not None
    Count.body += time.process_time() - Count.began
    Count.began = None
    Count.write()


_publish = Task.apply_async


def _publish_counted(self: Any, *args: Any, **kwargs: Any) -> Any:
    begun = time.process_time()
    try:
        return _publish(self, *args, **kwargs)
    finally:
        spent = time.process_time() - begun
        if Count.began is None:
            Count.published_outside += spent
            Count.write()
        else:
            Count.published_inside += spent


Task.apply_async = _publish_counted

from config.celery import app  # noqa: E402, F401  # for -A; the tasks are made after the class was changed

if __name__ == "__main__":
    from config.cli import main

    main(sys.argv[1:])
