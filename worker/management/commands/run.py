"""`aspoktatas run`: everything in one go from the configuration."""

from __future__ import annotations

import threading
from typing import Any

from django.conf import settings

from config.environment import ConfigurationError, Environment
from worker.management.command import CommandError, OperatorCommand
from worker.process_tree import run_children
from worker.services.desk import Desk
from worker.stopping import stop_on_signals
from worker.watchdog import EXIT_CODE
from worker.web import WebServer


class Command(OperatorCommand):
    """Watcher, Celery worker, beat and staff page until SIGTERM or Ctrl-C.

    With `memory://` all of it lives in this process; else in children of it, which are started again when they die.
    """

    help = "Everything in one go: watcher, Celery worker and beat, staff page. Ctrl-C stops all of it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, say where the staff page is, wait."""
        environment: Environment = settings.ASPOKTATAS
        try:
            Desk(environment).imap  # noqa: B018  # says what is missing before anything starts
        except ConfigurationError as error:
            raise CommandError(str(error), returncode=2) from None
        stop = threading.Event()
        stop_on_signals(stop)
        web = self._web(environment.web_port)
        web.start()
        self.stdout.write(f"staff page: http://127.0.0.1:{web.port}/   replies: {environment.replies}   Ctrl-C stops")
        self.stdout.flush()
        try:
            died = self._run(environment, stop)
        finally:
            self.stdout.write("stopping")
            self.stdout.flush()
            web.stop()
        if died:
            raise SystemExit(EXIT_CODE)

    def _web(self, port: int) -> WebServer:
        from config.wsgi import application  # noqa: PLC0415  # Django is set up by now

        try:
            return WebServer(application, port)
        except OSError as error:
            raise CommandError(f"ASPOKTATAS_WEB_PORT: {port} cannot be used ({error.strerror})", returncode=2) from None

    def _run(self, environment: Environment, stop: threading.Event) -> bool:
        """Until `stop`; whether a part died that cannot be started again."""
        if not environment.one_process:
            run_children(stop)
            return False
        from config.celery import app  # noqa: PLC0415  # only here does this process need Celery
        from worker.one_process import wait_until, worker_running  # noqa: PLC0415

        with worker_running(app, environment) as dead:
            return bool(wait_until(stop, dead))
