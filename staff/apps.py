"""The app of the people who work with the page."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Members, invitations and the access log."""

    name = "staff"
