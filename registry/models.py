"""The queue: one Registration a person and mail; and the directories that operators import.

A registration beyond `incomplete` and `review` has every field the portal needs: the database refuses others.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from registry import corrections, portal, replays, uploads  # noqa: F401  # their tables belong to this app
from registry.folding import Plain, folded_columns
from registry.identity import identity
from registry.one_of import OneOf, listed


class RegistrationStatus(models.TextChoices):
    """Where a request stands; the words are fixed by docs/operation.md."""

    READY = "ready"
    INCOMPLETE = "incomplete"
    REVIEW = "review"
    APPROVED = "approved"
    EXPORTED = "exported"
    REGISTERED = "registered"  # the portal said that the account is there and enrolled
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


CLOSED = (
    RegistrationStatus.EXPORTED,
    RegistrationStatus.REGISTERED,
    RegistrationStatus.REJECTED,
    RegistrationStatus.WITHDRAWN,
    RegistrationStatus.EXPIRED,
)
ERASED = "–"  # stands where retention or an erasure took a person out and the database demands a value
REQUIRED_FIELDS = ("full_name", "municipality", "pir", "county", "email", "modules")
COMPLETE = Q(full_name__gt="", municipality__gt="", pir__gt="", county__gt="", email__gt="", modules__gt="")


class Registration(models.Model):
    """One person's request for access, as understood from `mail` (`position`: its place among the mail's people).

    `modules` holds ProBono identifiers separated by blanks; `evidence` and `suggestions` are those of the verdict's
    person (worker.services.verdicts documents the shape); `version` grows with every change, for optimistic locking.
    `identity` is made of name and number (registry.identity), to find the same person's requests by. `assignee` is who
    works on it; until `snoozed_until` it is kept out of the lists of work.
    """

    mail = models.ForeignKey("worker.Mail", on_delete=models.PROTECT, related_name="registrations")
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=RegistrationStatus.choices)
    full_name = models.CharField(max_length=200, blank=True, default="")
    municipality = models.CharField(max_length=200, blank=True, default="")
    pir = models.CharField(max_length=6, blank=True, default="")
    county = models.CharField(max_length=60, blank=True, default="")
    email = models.CharField(max_length=320, blank=True, default="")
    modules = models.TextField(blank=True, default="")
    identity = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    jegyzo_status = models.CharField(max_length=10, blank=True, default="")
    jegyzo_address = models.CharField(max_length=320, blank=True, default="")
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    evidence = models.JSONField(default=dict)
    suggestions = models.JSONField(default=dict)
    reject_reason = models.TextField(blank=True, default="")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    snoozed_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mail", "position"], name="one_row_a_person_and_mail"),
            models.CheckConstraint(condition=Q(status__in=RegistrationStatus.values), name="registration_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["ready", "approved", "exported", "registered"]) | COMPLETE,
                name="routed_registration_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | Q(reject_reason__gt=""), name="rejection_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "created_at"], name="registration_by_status"),
            models.Index(fields=["email"], name="registration_by_email"),
            models.Index(fields=["pir"], name="registration_by_pir"),
            models.Index(fields=["identity"], name="registration_by_identity"),
            models.Index(fields=["updated_at"], name="registration_by_change"),
            models.Index(
                fields=["snoozed_until"], condition=Q(snoozed_until__isnull=False), name="registration_snoozed"
            ),
            models.Index(F("status"), Plain("full_name"), name="registration_by_name"),
            models.Index(F("status"), Plain("municipality"), name="registration_by_place"),
            # the list of what is closed has several statuses: in one order only if they are one index
            models.Index(fields=["created_at"], condition=Q(OneOf("status", listed(CLOSED))), name="closed_in_time"),
            models.Index(Plain("full_name"), condition=Q(OneOf("status", listed(CLOSED))), name="closed_in_name"),
            models.Index(Plain("municipality"), condition=Q(OneOf("status", listed(CLOSED))), name="closed_in_place"),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep `identity` in step; what writes rows otherwise does so itself."""
        self.identity = identity(self.pir, self.full_name)
        super().save(*args, **kwargs)

    @property
    def module_ids(self) -> list[str]:
        """The ProBono identifiers asked for."""
        return self.modules.split()

    @property
    def is_erased(self) -> bool:
        """Whether the person was taken out: nothing of it can be decided or taken back any more."""
        return ERASED in (self.full_name, self.email)

    @property
    def missing_fields(self) -> tuple[str, ...]:
        """Names of the fields without which the portal cannot make an account."""
        return tuple(name for name in REQUIRED_FIELDS if not getattr(self, name))


class CaseNote(models.Model):
    """What a member of staff wrote down about a request, for colleagues only."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="case_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    text = models.TextField()

    def __str__(self) -> str:
        return f"note {self.pk}"


class AcceptedAddress(models.Model):
    """An e-mail address that a person took for personal although the rules had doubts; they have none any more."""

    address = models.CharField(max_length=320, primary_key=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"accepted address of {self.at:%Y-%m-%d}"


class HandlingOutcome(models.TextChoices):
    """What a person did about a mail that needed one."""

    ANSWERED = "answered"
    DONE = "done"
    NO_REGISTRATION = "no_registration"


class Handling(models.Model):
    """A mail that needed a person, and got one: it leaves the staff page's list of manual work."""

    mail = models.OneToOneField("worker.Mail", primary_key=True, on_delete=models.PROTECT, related_name="handling")
    outcome = models.CharField(max_length=20, choices=HandlingOutcome.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"handling of {self.pk}"


class Settlement(models.Model):
    """A settlement of the imported gazetteer; `joint_office_seat` is where its jegyző sits, if elsewhere."""

    name = models.CharField(max_length=120, primary_key=True)
    county = models.CharField(max_length=60)
    joint_office_seat = models.CharField(max_length=120, blank=True, default="")
    folded = folded_columns("name", "county", "joint_office_seat")

    class Meta:
        indexes = [models.Index(fields=["folded", "name"], name="settlement_by_folded")]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A body of the imported official register: its PIR, name and the settlement it belongs to."""

    pir = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=300)
    settlement = models.CharField(max_length=120, blank=True, default="")
    county = models.CharField(max_length=60, blank=True, default="")
    joint_office_seat = models.CharField(max_length=120, blank=True, default="")
    folded = folded_columns("name", "pir", "settlement", "county")

    class Meta:
        indexes = [models.Index(fields=["folded", "pir"], name="municipality_by_folded")]

    def __str__(self) -> str:
        return self.name


class Clerk(models.Model):
    """A known jegyző of a municipality: imported, or learned when staff confirm one (`confirmed_by`, at `added_at`)."""

    municipality = models.CharField(max_length=120)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True, default="")
    source = models.CharField(max_length=20, default="import")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    folded = folded_columns("municipality", "address", "name")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "address"], name="one_row_a_clerk")]
        indexes = [models.Index(fields=["folded", "id"], name="clerk_by_folded")]

    def __str__(self) -> str:
        return self.municipality


class Account(models.Model):
    """An account of the training portal, as imported from Moodle; `added_at`: when we first heard of it."""

    email = models.CharField(max_length=320, primary_key=True)
    username = models.CharField(max_length=320, blank=True, default="")
    full_name = models.CharField(max_length=200, blank=True, default="")
    added_at = models.DateTimeField(db_default=Now())
    folded = folded_columns("email", "username", "full_name")

    class Meta:
        indexes = [
            models.Index(fields=["folded", "email"], name="account_by_folded"),
            models.Index(fields=["username"], name="account_by_username"),
        ]

    def __str__(self) -> str:
        return self.username
