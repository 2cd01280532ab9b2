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
    """One request of a person, answered or refused: who opened or changed what. Append-only (staff.triggers).

    `page` is the address's name in config.urls, or "login_failed" and the like (staff.receivers); `subject` the kind of
    thing its number names ("registration", "mail", "reply" …; "" where a page is about none), `status` the answer's
    HTTP status. It holds no value that was shown or typed. `user` is None where a login is not known.
    """

    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
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
            models.Index(fields=["page", "at"], name="access_by_page"),
            models.Index(fields=["at"], condition=Q(status__gte=400), name="access_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.at:%Y-%m-%d %H:%M}"


class Amendment(models.Model):
    """The key to the append-only tables: while a transaction holds a row here, it may change or delete theirs.

    Only staff.services.amend_log writes here, and takes its row away before it commits, so that nobody else sees one.
    """

    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"amendment {self.pk}"


class Invitation(models.Model):
    """A letter that lets one person make a login of their own; `digest` is that of the link's secret part.

    Open until `expires_at`, unless `used_at` or `revoked_at` says otherwise.
    """

    address = models.EmailField()
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=15, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="invitations")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invited_role_known"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(user__isnull=False), name="used_invitation_says_who"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
