"""There is always an administrator, and nobody changes what concerns their own rights."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from staff.models import Member
from staff.roles import Role


class OwnAccountError(Exception):
    """A person may not do this to themselves."""


class LastAdministratorError(Exception):
    """Afterwards nobody could administer."""


class SuperuserError(Exception):
    """The login is made from the command line, and its rights are changed there."""


def others_than(user: User) -> QuerySet[User]:
    """The active administrators beside `user`."""
    administrators = Q(member__role=Role.ADMINISTRATOR) | Q(is_superuser=True)
    return User.objects.filter(administrators, is_active=True).exclude(pk=user.pk)


def lock_administrators() -> None:
    """Two administrators who demote each other at once do so one after the other. Must run in a transaction."""
    list(Member.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk"))
