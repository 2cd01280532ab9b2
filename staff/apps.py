"""The app of the people who work with the page."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StaffConfig(AppConfig):
    """Members, invitations and the access log."""

    name = "staff"

    def ready(self) -> None:
        """Connect what happens at a login, and after a migration."""
        from staff import receivers  # noqa: PLC0415  # apps are not loaded before
        from staff.triggers import make_triggers  # noqa: PLC0415

        receivers.connect()
        post_migrate.connect(make_triggers, sender=self, dispatch_uid="staff.triggers")
