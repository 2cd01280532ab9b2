"""Django's handle on the worker app."""

import logging
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from config.telemetry import Telemetry
from worker.error_reports import start_reporting
from worker.garbage import give_back_large_blocks
from worker.tracing import start_tracing

log = logging.getLogger(__name__)


class WorkerConfig(AppConfig):
    """The ledger: Mail, Reply, Event."""

    name = "worker"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to report and trace where that is wanted; put the operator's letters in the place of ours."""
        give_back_large_blocks()
        if settings.ASPOKTATAS.telemetry != Telemetry():
            _tell_outside(settings.ASPOKTATAS.telemetry)
        if settings.ASPOKTATAS.templates:
            _use_letters(settings.ASPOKTATAS.templates)


def _tell_outside(telemetry: Telemetry) -> None:
    from importlib.metadata import version  # noqa: PLC0415  # slow to load, few want to be told

    if telemetry.sentry_dsn:
        start_reporting(telemetry.sentry_dsn, version("aspoktatas"))
    if telemetry.otlp_endpoint:
        start_tracing(telemetry.otlp_endpoint, settings.SECRET_KEY.encode(), version("aspoktatas"))


def _use_letters(folder: Path) -> None:
    """The configuration has tried them."""
    from worker.replies.overrides import unknown_files  # noqa: PLC0415  # slow to load, few have own letters
    from worker.replies.rendering import use_overrides  # noqa: PLC0415

    use_overrides(folder)
    for name in unknown_files(folder):
        log.warning("ASPOKTATAS_TEMPLATES: %s replaces no file of ours and is not used", name)
