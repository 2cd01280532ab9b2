"""Registered: the portal has the account of a request that was exported. Nobody is written to: the export told it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Lower

from registry.models import Registration, RegistrationStatus
from registry.services.change import BulkResult, Target
from registry.services.change_many import lock_current, record_status

GROUP = 500
T = TypeVar("T")


def confirm_registered(targets: Iterable[Target], actor: User) -> BulkResult:
    """A person says that the accounts are there; requests that are not exported, or changed, are left alone."""
    targets = list(targets)
    done: set[int] = set()
    for group in _groups(targets):
        with transaction.atomic():
            done |= _register(group, actor, "staff")
    return BulkResult(
        tuple(target.pk for target in targets if target.pk in done),
        tuple(target.pk for target in targets if target.pk not in done),
    )


def register_by_accounts(addresses: Collection[str]) -> int:
    """The portal's list of accounts came in, and these addresses are new on it: whose exported request they are is
    registered. Who had an account before cannot be told so: a person confirms. Must run in the import's transaction.
    """
    done = 0
    for group in _groups(sorted(addresses)):
        rows = Registration.objects.filter(status=RegistrationStatus.EXPORTED).annotate(address=Lower("email"))
        seen = rows.filter(address__in=group).order_by("pk").values_list("pk", "version")
        done += len(_register([Target(*one) for one in seen], None, "accounts"))
    return done


def _register(targets: Sequence[Target], actor: User | None, by: str) -> set[int]:
    rows = lock_current(targets, (RegistrationStatus.EXPORTED,))
    record_status(rows, actor, "registered", RegistrationStatus.REGISTERED, {row.pk: {"by": by} for row in rows})
    return {row.pk for row in rows}


def _groups(items: Sequence[T]) -> Iterator[list[T]]:
    left = iter(items)
    while group := list(islice(left, GROUP)):
        yield group
