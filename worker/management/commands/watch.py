"""`aspoktatas watch`: the watcher by itself, for more than one process or machine."""

from __future__ import annotations

import threading
from typing import Any

from django.conf import settings

from config.environment import ConfigurationError
from worker.management.command import CommandError, OperatorCommand
from worker.services.desk import Desk
from worker.stopping import end_with_parent, stop_on_signals
from worker.tasks.bell import ring
from worker.tasks.work import process
from worker.watch import Watcher
from worker.watchdog import watch_progress


class Command(OperatorCommand):
    """Watches the mailbox until SIGTERM or Ctrl-C; ends itself where it makes no progress any more."""

    help = "The watcher alone: stores what arrives and rings for the workers."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        if settings.ASPOKTATAS.one_process:
            raise CommandError(
                "with ASPOKTATAS_BROKER_URL=memory:// everything is one process: use `aspoktatas run`", returncode=2
            )
        desk = Desk(settings.ASPOKTATAS)
        try:
            desk.imap  # noqa: B018  # says what is missing before anything starts
        except ConfigurationError as error:
            raise CommandError(str(error), returncode=2) from None
        stop = threading.Event()
        stop_on_signals(stop)
        end_with_parent()
        watcher = Watcher(desk, lambda: ring(process), stop)
        watch_progress({"watcher": lambda: watcher.progress_at})
        watcher.run()
