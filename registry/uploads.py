"""Files that staff have uploaded into a directory: what each would change, and what it did. Tables only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class UploadState(models.TextChoices):
    """What became of an upload."""

    PLANNED = "planned"
    APPLIED = "applied"
    DROPPED = "dropped"


class Upload(models.Model):
    """A file for the directory `what` (a name of registry.imports.directories.DIRECTORIES).

    `data` is the compressed file, kept until it is applied or dropped; `report` the compressed JSON of every row's
    fate; `counts` its numbers by fate. `mark` names the plan: what is applied must be what was shown.
    """

    what = models.CharField(max_length=20)
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.PLANNED)
    data = models.BinaryField(null=True)
    report = models.BinaryField(null=True)
    counts = models.JSONField(default=dict)
    mark = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known")]
        indexes = [models.Index(fields=["at"], name="upload_by_time")]

    def __str__(self) -> str:
        return f"upload {self.pk}"
