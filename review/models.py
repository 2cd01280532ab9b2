"""What the staff page keeps for itself: saved views of the queue, and who has which case open."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class SavedView(models.Model):
    """A search of the queue under a name: one's own, or everybody's where `shared`."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_a_name")]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Somebody has the page of a registration open `since` a moment: `seen_at` is the page's last sign of life."""

    registration = models.ForeignKey("registry.Registration", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "user"], name="one_presence_a_case")]

    def __str__(self) -> str:
        return f"presence {self.pk}"
