"""Whom the tests hand over, how a run is begun and gone on with, and what became of each."""

from __future__ import annotations

from collections.abc import Callable

from registry.models import Registration
from registry.portal import PortalResult, PortalRun
from tests.review.factory import ADO, IRAT, KATI, Applicant

ANNA = Applicant(modules=(ADO, IRAT))
BEA = Applicant("Szabó Bea", email="szabo.bea@tiszacsege.hu", modules=(KATI,))
Begin = Callable[..., PortalRun]
Go = Callable[..., int]


def result(row: Registration) -> PortalResult:
    """The newest."""
    return PortalResult.objects.filter(registration=row).latest("pk")


def status(row: Registration) -> str:
    """As it is now."""
    row.refresh_from_db()
    return row.status
