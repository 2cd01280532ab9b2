"""A hand-over by web service with one result of every kind, for the pages' walk."""

from __future__ import annotations

from typing import Any

from registry.portal import PortalResult, PortalRun, PortalRunKind, PortalState
from tests.review.factory import Applicant, make_registration

COURSES = [
    {"course": "ADÓ", "outcome": "enrolled"},
    {"course": "Irat teljes", "outcome": "already"},
    {"module": "PM-2870-2204-BS", "outcome": "no_course"},
]


def a_run() -> dict[str, object]:
    """The arguments of its address."""
    run = PortalRun.objects.create(kind=PortalRunKind.REGISTER, halted="token")
    fates: dict[str, dict[str, Any]] = {
        PortalState.DONE: {"existed": False, "courses": COURSES},
        PortalState.FAILED: {"error": "create_refused", "errorcode": "invalidparameter"},
        PortalState.WAITING: {"error": "maintenance", "errorcode": "sitemaintenance"},
        PortalState.SKIPPED: {"error": "changed"},
    }
    for number, (state, values) in enumerate(fates.items()):
        one = Applicant(f"Próba Péter {number}", email=f"proba.peter.hosszu.nevu.tartomany{number}@pelda-kozseg.hu")
        row = make_registration(one, status="approved")
        PortalResult.objects.create(run=run, registration=row, version=1, for_real=True, state=state, **values)
    return {"pk": run.pk}
