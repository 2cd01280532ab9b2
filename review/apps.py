"""Django's handle on the review app."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The staff page: no tables of its own yet."""

    name = "review"
    default_auto_field = "django.db.models.BigAutoField"
