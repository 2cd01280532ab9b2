"""Who works here: whom a request can be given to, and the names behind the keys that events keep."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Q

from staff.roles import Ability, Role, abilities_of

DECIDING = [role.value for role in Role if Ability.DECIDE in abilities_of(role)]


def get_colleagues() -> list[User]:
    """Those who may decide, by name."""
    may_decide = Q(member__role__in=DECIDING) | Q(is_superuser=True)
    return list(User.objects.filter(may_decide, is_active=True).order_by("last_name", "first_name", "username"))


def get_people(keys: Iterable[int | None], known: Iterable[User] = ()) -> dict[int, User]:
    """Members of staff by their keys, also those who left; at most one query, none where `known` has them all."""
    found = {user.pk: user for user in known}
    missing = {key for key in keys if key is not None} - found.keys()
    return found | (User.objects.in_bulk(missing) if missing else {})
