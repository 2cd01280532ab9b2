"""Django's handle on the worker app."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """The ledger: Mail, Reply, Event."""

    name = "worker"
    default_auto_field = "django.db.models.BigAutoField"
