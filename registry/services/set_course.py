"""Set a course: under which short name the portal keeps a module, where the configuration's is not right."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.corrections import ModuleCourse
from registry.services.directory_refusals import RowChangedError
from worker.models import Event


@transaction.atomic
def set_course(actor: User, module: str, course: str, seen: str) -> bool:
    """Set the course of `module`, or with "" go back to the configuration's; returns whether anything changed.

    `seen` is the one that the person saw set ("" for none). Raises RowChangedError.
    """
    row = ModuleCourse.objects.select_for_update().filter(pk=module).first()
    before = row.course if row else ""
    if before != seen:
        raise RowChangedError
    if course == before:
        return False
    if course:
        ModuleCourse.objects.update_or_create(pk=module, defaults={"course": course, "author": actor})
    else:
        ModuleCourse.objects.filter(pk=module).delete()
    Event.objects.create(
        verb="course_set", actor=actor, details={"module": module, "changed": {"course": [before, course]}}
    )
    return True
