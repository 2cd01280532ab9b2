"""Django's handle on the registry app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class RegistryConfig(AppConfig):
    """The queue: Registration, and the directories."""

    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach SQLite the function that the search needs."""
        from registry.folding import add_translate  # noqa: PLC0415  # no models may load before this point

        connection_created.connect(add_translate, dispatch_uid="registry.translate")
