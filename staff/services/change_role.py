"""What a member of staff may do: changed by an administrator, or by the groups of the identity provider."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from staff.models import Member
from staff.roles import Ability, Role, abilities_of
from staff.services.administrators import (
    LastAdministratorError,
    OwnAccountError,
    SuperuserError,
    lock_administrators,
    others_than,
)
from staff.services.invite import revoke_all_of
from worker.models import Event


@transaction.atomic
def change_role(user: User, role: Role, actor: User) -> None:
    """Give `user` another role.

    Raises OwnAccountError for one's own, SuperuserError where Django's mark says more than any role,
    LastAdministratorError for the last one's.
    """
    if user.pk == actor.pk:
        raise OwnAccountError
    if user.is_superuser:
        raise SuperuserError
    lock_administrators()
    if role != Role.ADMINISTRATOR and not others_than(user).exists():
        raise LastAdministratorError
    write_role(user, role, actor)


def write_role(user: User, role: Role, actor: User | None) -> None:
    """Write it, and the event where it differs. Must run in a transaction."""
    member = Member.objects.filter(user=user).first()
    if member is not None and member.role == role:
        return
    Member.objects.update_or_create(user=user, defaults={"role": role})
    details = {"person": user.pk, "from": member.role if member else "", "to": role.value}
    Event.objects.create(actor=actor, verb="role_changed", details=details)
    if Ability.PEOPLE not in abilities_of(role):
        revoke_all_of(user, actor)
