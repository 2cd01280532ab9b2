"""The Celery app: only a bell. Every task can be lost, doubled or late without harm, for the database is the truth."""

from __future__ import annotations

import os
import sys
from typing import Any

from celery import Celery, signals
from celery.apps.worker import Worker as CommandLineWorker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # Django's import every page: 22 MB of each process, half a second

from django.conf import settings

SWEEP_EVERY_S = 10.0
POLL_EVERY_S = 60.0
PORTAL: dict[str, Any] = {"task": "hand_over", "schedule": SWEEP_EVERY_S, "options": {"expires": SWEEP_EVERY_S}}
ON_REDIS: dict[str, Any] = {
    "visibility_timeout": 600,
    "socket_timeout": 30,  # longer than the blocking read of kombu
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "polling_interval": 5,  # s, how long a blocking read lasts; a message ends it at once
    "global_keyprefix": "aspoktatas:",
}

one_process: bool = settings.ASPOKTATAS.one_process

app = Celery("aspoktatas", include=["worker.tasks.work", "worker.tasks.portal"])
app.conf.update(
    broker_url=settings.ASPOKTATAS.broker_url,
    broker_transport="worker.tasks.in_memory:Transport" if one_process else None,
    broker_transport_options={} if one_process else ON_REDIS,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=5,
    CELERY_DB_REUSE_MAX=sys.maxsize,  # or Celery ends the database connection after every task
    task_publish_retry=False,  # a bell that does not ring is no error: the sweep finds the work
    task_ignore_result=True,
    task_acks_late=False,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="aspoktatas",
    task_soft_time_limit=None if one_process else 120,
    task_time_limit=None if one_process else 180,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_max_tasks_per_child=1000,
    worker_soft_shutdown_timeout=30,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    enable_utc=True,
    timezone="UTC",
    beat_scheduler="celery.beat:Scheduler",  # keeps no file: both ticks may come late or twice
    beat_schedule={
        "sweep": {"task": "sweep", "schedule": SWEEP_EVERY_S, "options": {"expires": SWEEP_EVERY_S}},
        "poll": {"task": "poll_mailbox", "schedule": POLL_EVERY_S, "options": {"expires": POLL_EVERY_S}},
        **({"portal": PORTAL} if settings.ASPOKTATAS.moodle.service else {}),
    },
)


@signals.worker_init.connect  # type: ignore[untyped-decorator]  # celery ships no types
def _begin(sender: Any, **_: Any) -> None:
    if one_process and isinstance(sender, CommandLineWorker):
        raise SystemExit("ASPOKTATAS_BROKER_URL=memory:// means one process: use `aspoktatas run`")
    # Nobody listens to what workers tell each other every other second, and it is half of what an idle one does.
    sender.options.update(without_heartbeat=True, without_gossip=True, without_mingle=True)
    _end_with_parent()


@signals.beat_init.connect  # type: ignore[untyped-decorator]
def _end_with_parent(**_: Any) -> None:
    from worker.stopping import end_with_parent  # noqa: PLC0415  # only in a process that is worker or beat

    end_with_parent()
