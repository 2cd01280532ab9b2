"""Who comes in by the identity provider: an existing login, an invited person, or a member of a group with a role."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.utils import generate_unique_username
from django.contrib.auth.models import User
from django.db import transaction

from staff.models import Invitation, Member
from staff.roles import Role
from staff.services.change_role import write_role
from staff.services.invite import mark_used, open_invitations


class NotAdmittedError(Exception):
    """Not this person. `reason` is a code of the label group "not_admitted"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the provider vouches for. `address` is "" unless verified; `role` is what the groups give, None for none."""

    address: str
    login: str
    last_name: str
    first_name: str
    decided_by_groups: bool
    role: Role | None


@transaction.atomic
def admit(newcomer: Newcomer, known: User | None) -> User:
    """The login of this person, made where there is none; `known` is the one that came by this provider before.

    Raises NotAdmittedError.
    """
    user = known or _by_address(newcomer.address)
    if user is not None and not user.is_active:
        raise NotAdmittedError("inactive")
    if user is not None and user.is_superuser:  # whoever may do everything depends on no provider, nor on its groups
        raise NotAdmittedError("password_only")
    if newcomer.decided_by_groups:
        return _by_group(newcomer, user)
    if user is not None and Member.objects.filter(user=user).exists():
        return user
    invitation = open_invitations().filter(address__iexact=newcomer.address).first() if newcomer.address else None
    if invitation is None:
        raise NotAdmittedError("unknown" if newcomer.address else "unverified")
    return _by_invitation(newcomer, invitation, user)


def _by_group(newcomer: Newcomer, user: User | None) -> User:
    """The groups decide, each time anew: who left them stays outside."""
    if newcomer.role is None:
        raise NotAdmittedError("no_group")
    user = user or _make_login(newcomer)
    write_role(user, newcomer.role, actor=None)
    return user


def _by_invitation(newcomer: Newcomer, invitation: Invitation, user: User | None) -> User:
    user = user or _make_login(newcomer)
    write_role(user, Role(invitation.role), actor=invitation.invited_by)
    mark_used(invitation, user)
    return user


def _by_address(address: str) -> User | None:
    """The one login with this address; None where several share it."""
    if not address:
        return None
    found = list(User.objects.filter(email__iexact=address)[:2])
    return found[0] if len(found) == 1 else None


def _make_login(newcomer: Newcomer) -> User:
    login = generate_unique_username([newcomer.login, newcomer.address, newcomer.last_name, "munkatars"])
    user = User(username=login, email=newcomer.address)
    user.last_name, user.first_name = newcomer.last_name, newcomer.first_name
    user.set_unusable_password()
    user.save()
    return user
