"""Undo of what a person did to many requests in one go: each by itself, as far as it still can be taken back."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Registration
from registry.services.change import BulkResult
from registry.services.change_many import find_together
from registry.services.refusals import ChangeRefusedError, NotAllowedError
from registry.services.undo import undo
from worker.models import Event

GROUP = 50


def undo_many(event: Event, actor: User) -> BulkResult:
    """Take back the act that `event` belongs to; what somebody went on with since is told apart and left alone."""
    events = find_together(event)
    done, why = list[int](), dict[int, str]()
    for start in range(0, len(events), GROUP):
        with transaction.atomic():  # one commit for many; each still by itself, under a savepoint
            for one in events[start : start + GROUP]:
                pk = one.registration_id or 0
                if reason := _undo_one(pk, one.pk, actor):
                    why[pk] = reason
                else:
                    done.append(pk)
    return BulkResult(tuple(done), tuple(why), why)


def _undo_one(pk: int, event_id: int, actor: User) -> str:
    """Why it was not done; "" where it was."""
    try:
        with transaction.atomic():
            undo(pk, event_id, actor)
    except Registration.DoesNotExist:
        return "gone"
    except NotAllowedError:
        return "state"
    except ChangeRefusedError:
        return "outdated"
    return ""
