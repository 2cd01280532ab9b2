"""Members of staff with their roles, and the append-only log of what was seen and done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staff.roles import Role


class Member(models.Model):
    """The role of a login. A login without a row here may do nothing, unless Django calls it a superuser."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="member"
    )
    role = models.CharField(max_length=15, choices=Role.choices)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="member_role_known")]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class Access(models.Model):
    """One request of a person, answered or refused: who opened or changed what. Append-only, held by triggers.

    `page` is the address's name in config.urls, `subject` the kind of thing its number names ("registration", "mail",
    "reply" …; "" where a page is about none), `status` the answer's HTTP status. It holds no value that was shown.
    """

    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=80)
    method = models.CharField(max_length=8)
    subject = models.CharField(max_length=20, blank=True, default="")
    subject_id = models.BigIntegerField(null=True)
    status = models.PositiveSmallIntegerField()
    address = models.GenericIPAddressField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="access_by_subject"),
            models.Index(fields=["user", "at"], name="access_by_user"),
            models.Index(fields=["at"], name="access_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.at:%Y-%m-%d %H:%M}"
