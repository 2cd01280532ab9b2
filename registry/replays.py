"""Replays that staff asked for, and the differences they found. Tables only; no word of a mail stands in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from worker.models import Lease, Mail


class ReplayState(models.TextChoices):
    """Where a replay stands."""

    WAITING = "waiting"  # for its first turn or the next
    DONE = "done"
    CANCELLED = "cancelled"  # by a person
    OVERTAKEN = "overtaken"  # the catalogue was changed meanwhile: its two halves would not be comparable
    FAILED = "failed"


class Compared(models.TextChoices):
    """What is held against what."""

    LEDGER = "ledger"  # the verdicts in the ledger against today's rules and data
    DRAFTS = "drafts"  # today's rules and data against the same with the drafts


class Replay(Lease):
    """Mails received from `since` until before `until`, decided again in turns; `cursor` is the last mail done.

    `version` is the catalogue's, or both where drafts are compared. `changed` and `failed` count mails.
    """

    compares = models.CharField(max_length=10, choices=Compared.choices)
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReplayState.choices, default=ReplayState.WAITING)
    version = models.CharField(max_length=80)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReplayState.values), name="replay_state_known"),
            models.CheckConstraint(condition=Q(compares__in=Compared.values), name="replay_compares_known"),
        ]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="replay_to_run")]

    def __str__(self) -> str:
        return f"replay {self.pk}"


class ReplayDifference(models.Model):
    """One thing that would be otherwise: `what` is a word of worker.services.replay, `person` counts from 1 (0: mail).

    `before` and `after` are codes; of what a person wrote only that it differs is kept.
    """

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="differences")
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=20)
    person = models.PositiveSmallIntegerField(default=0)
    before = models.CharField(max_length=500, blank=True, default="")
    after = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["replay", "what", "mail"], name="difference_by_kind")]

    def __str__(self) -> str:
        return f"{self.what} of mail {self.mail_id}"
