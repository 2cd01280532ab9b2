"""`aspoktatas watch`: the watcher by itself, for more than one process or machine."""

from __future__ import annotations

import threading
from typing import Any

from django.conf import settings

from config.environment import ConfigurationError
from worker.management.command import CommandError, OperatorCommand
from worker.one_process import watch_all
from worker.services.desk import Desk
from worker.stopping import end_with_parent, stop_on_signals
from worker.watchdog import watch_progress


class Command(OperatorCommand):
    """Watches every mailbox until SIGTERM or Ctrl-C; ends itself where it makes no progress any more."""

    help = "The watcher alone: stores what arrives and rings for the workers."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        if settings.ASPOKTATAS.one_process:
            raise CommandError(
                "with ASPOKTATAS_BROKER_URL=memory:// everything is one process: use `aspoktatas run`", returncode=2
            )
        environment = settings.ASPOKTATAS
        try:
            Desk(environment).imap  # noqa: B018  # says what is missing before anything starts
        except ConfigurationError as error:
            raise CommandError(str(error), returncode=2) from None
        stop = threading.Event()
        stop_on_signals(stop)
        end_with_parent()
        watchers = watch_all(environment, stop)
        for thread in watchers.values():
            thread.start()
        watch_progress({watcher.name: watcher.get_progress for watcher in watchers})
        for thread in watchers.values():
            thread.join()
