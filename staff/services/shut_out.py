"""A login is closed and opened again, or loses its second factor: by an administrator, on record."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction

from staff.services.administrators import LastAdministratorError, OwnAccountError, lock_administrators, others_than
from staff.services.invite import revoke_all_of
from staff.services.sessions import end_sessions
from worker.models import Event


@transaction.atomic
def deactivate(user: User, actor: User) -> None:
    """Close the login; its sessions and its invitations end at once. Raises OwnAccountError, LastAdministratorError."""
    if user.pk == actor.pk:
        raise OwnAccountError
    lock_administrators()
    if not others_than(user).exists():
        raise LastAdministratorError
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        Event.objects.create(actor=actor, verb="login_closed", details={"person": user.pk})
        revoke_all_of(user, actor)
    end_sessions(user, actor)


@transaction.atomic
def activate(user: User, actor: User) -> None:
    """Open it again."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        Event.objects.create(actor=actor, verb="login_opened", details={"person": user.pk})


@transaction.atomic
def reset_second_factor(user: User, actor: User) -> None:
    """Take the second factor away, for whoever lost their telephone. Sessions end. Raises OwnAccountError."""
    if user.pk == actor.pk:
        raise OwnAccountError  # one's own is put away on one's own page, with a code
    if Authenticator.objects.filter(user=user).delete()[0]:
        Event.objects.create(actor=actor, verb="second_factor_reset", details={"person": user.pk})
    end_sessions(user, actor)
