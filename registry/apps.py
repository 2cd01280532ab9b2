"""Django's handle on the registry app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The queue: Registration, and the directories."""

    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"
