"""Mark as exported: the file was taken over into the portal."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration, RegistrationStatus
from registry.services.change import BulkResult, Target, get_current, record_change
from registry.services.refusals import ChangeRefusedError


def mark_exported(targets: Iterable[Target], actor: User) -> BulkResult:
    """Close each approved request that is unchanged since the file was made; the others keep their place."""
    done, refused = [], []
    for target in targets:
        try:
            with transaction.atomic():
                registration = get_current(target, (RegistrationStatus.APPROVED,))
                record_change(registration, actor, "exported", {"status": RegistrationStatus.EXPORTED})
            done.append(target.pk)
        except (ChangeRefusedError, Registration.DoesNotExist):
            refused.append(target.pk)
    return BulkResult(tuple(done), tuple(refused))
