"""Django's handle on the registry app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class RegistryConfig(AppConfig):
    """The queue: Registration, and the directories."""

    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Teach SQLite the function that the search needs, and have the indexes of words put in after `migrate`."""
        from registry.folding import add_translate  # noqa: PLC0415  # no models may load before this point
        from registry.search_schema import compile_no_plans, put_in  # noqa: PLC0415

        connection_created.connect(add_translate, dispatch_uid="registry.translate")
        connection_created.connect(compile_no_plans, dispatch_uid="registry.compile_no_plans")
        post_migrate.connect(put_in, sender=self, dispatch_uid="registry.search_schema")
