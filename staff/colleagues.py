"""Everybody who has a login, as the page about people shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from staff.models import Invitation
from staff.roles import Role


@dataclass(frozen=True, slots=True)
class Colleague:
    """`role` is None where none was given; `devices` is how many sessions are open."""

    user: User
    role: Role | None
    has_factor: bool
    devices: int

    @property
    def last_login(self) -> datetime | None:
        """When, or None for never."""
        return self.user.last_login


def colleagues() -> list[Colleague]:
    """All of them in one query, those whose login is closed last."""
    return [_made(user) for user in _annotated().order_by("-is_active", "last_name", "first_name", "username")]


def colleague_of(user: User) -> Colleague:
    """This one."""
    return _made(_annotated().get(pk=user.pk))


def waiting_invitations() -> QuerySet[Invitation]:
    """Not used and not taken back, also those that ran out, the newest first."""
    waiting = Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True)
    return waiting.select_related("invited_by").order_by("-invited_at")


def has_run_out(invitation: Invitation) -> bool:
    """Whether its link is dead by now."""
    return invitation.expires_at <= timezone.now()


def _annotated() -> QuerySet[User]:
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    sessions = UserSession.objects.filter(user=OuterRef("pk")).values("user").annotate(n=Count("pk")).values("n")
    return User.objects.select_related("member").annotate(
        has_factor=Exists(factor), devices=Coalesce(Subquery(sessions), 0)
    )


def _made(user: User) -> Colleague:
    if user.is_superuser:
        role: Role | None = Role.ADMINISTRATOR
    else:
        role = Role(user.member.role) if hasattr(user, "member") else None
    facts = vars(user)
    return Colleague(user=user, role=role, has_factor=facts["has_factor"], devices=facts["devices"])
