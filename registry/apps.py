"""Django's handle on the registry app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class RegistryConfig(AppConfig):
    """The queue: Registration, and the directories."""

    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the indexes of words put in after `migrate`."""
        from registry.search_schema import advise_planner, put_in  # noqa: PLC0415  # no models may load before

        connection_created.connect(advise_planner, dispatch_uid="registry.advise_planner")
        post_migrate.connect(put_in, sender=self, dispatch_uid="registry.search_schema")
