"""Django's handle on the worker app."""

import logging

from django.apps import AppConfig
from django.conf import settings

log = logging.getLogger(__name__)


class WorkerConfig(AppConfig):
    """The ledger: Mail, Reply, Event."""

    name = "worker"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the operator's letters in the place of ours; the configuration has tried them."""
        folder = settings.ASPOKTATAS.templates
        if folder is None:
            return
        from worker.replies.overrides import unknown_files  # noqa: PLC0415  # slow to load, few have own letters
        from worker.replies.rendering import use_overrides  # noqa: PLC0415

        use_overrides(folder)
        for name in unknown_files(folder):
            log.warning("ASPOKTATAS_TEMPLATES: %s replaces no file of ours and is not used", name)
