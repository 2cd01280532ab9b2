"""Hand-overs by the portal's web service: a run, and in it what became of each person's request.

Tables only. Nothing here names anybody: who it is stands at the registration.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from worker.models import Lease


class PortalRunKind(models.TextChoices):
    """What a run does at the portal."""

    REGISTER = "register"  # look up, create, enrol
    REHEARSE = "rehearse"  # ask only, and say what would be done
    LOOK_UP = "look_up"  # ask only, and remember the accounts that exist


class PortalState(models.TextChoices):
    """Where a person's row stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"  # a person must see it; it may be tried again
    SKIPPED = "skipped"  # the request changed first, or the run was stopped


class PortalStep(models.TextChoices):
    """How far a row has come at the portal."""

    LOOKED_UP = "looked_up"
    CREATED = "created"
    ENROLLED = "enrolled"


class PortalRun(models.Model):
    """One hand-over by web service. `export` is the event that fixed its requests; `actor` is None for the command.

    `halted` is why nobody's turn comes for now, as a code: the token is refused, the portal is under maintenance …
    """

    kind = models.CharField(max_length=10, choices=PortalRunKind.choices)
    export = models.ForeignKey("worker.Event", null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(db_default=Now())
    halted = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=PortalRunKind.values), name="portal_run_kind_known")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PortalResult(Lease):
    """A request in a run: `version` is the one that was seen. `for_real` where the run changes the portal.

    `account_id` is Moodle's; `existed` says whether the account was there before us. `create_begun` is committed before
    the account is asked for: one that is found afterwards is ours, although no answer came. `courses` is a list of
    {"course": short name, "outcome": enrolled | already | planned} and {"module": id, "outcome": "no_course"}.
    `error` is our word for what went wrong, `errorcode` Moodle's own. `told`: the letter is written, or none is due.
    """

    run = models.ForeignKey(PortalRun, on_delete=models.PROTECT, related_name="results")
    registration = models.ForeignKey("registry.Registration", on_delete=models.CASCADE, related_name="portal_results")
    version = models.PositiveIntegerField()
    for_real = models.BooleanField()
    state = models.CharField(max_length=10, choices=PortalState.choices, default=PortalState.WAITING)
    step = models.CharField(max_length=10, choices=PortalStep.choices, blank=True, default="")
    account_id = models.BigIntegerField(null=True)
    existed = models.BooleanField(null=True)
    create_begun = models.BooleanField(default=False)
    courses = models.JSONField(default=list)
    error = models.CharField(max_length=40, blank=True, default="")
    errorcode = models.CharField(max_length=100, blank=True, default="")
    told = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "registration"], name="one_result_a_run"),
            models.UniqueConstraint(
                fields=["registration"], condition=Q(state="waiting", for_real=True), name="one_hand_over_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=PortalState.values), name="portal_state_known"),
            models.CheckConstraint(condition=~Q(state="failed") | Q(error__gt=""), name="portal_failure_says_why"),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="portal_to_do"),
            models.Index(fields=["at"], condition=Q(state="done", told=False, for_real=True), name="portal_to_tell"),
            models.Index(fields=["run", "state"], name="portal_by_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.registration_id}"
