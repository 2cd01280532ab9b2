"""Earlier requests of the same person and of the same body, the newest of each kind. One query a kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Window

from registry.folding import Plain, fold
from registry.models import Registration, RegistrationStatus
from review.tabs import tab_of_status

SHOWN = 5


@dataclass(frozen=True, slots=True)
class EarlierCases:
    """The newest `rows` of `total` requests that are alike in `kind` (label group "same"); `words` find them all in
    the list `tab`."""

    kind: str
    rows: Sequence[Registration]
    total: int
    words: str
    tab: str


def get_earlier(registration: Registration, without: Collection[int]) -> list[EarlierCases]:
    """By address, by name and municipality, by PIR; the requests `without` (those of this very case) left out."""
    others = Registration.objects.exclude(pk__in=without)
    one = registration
    kinds = []
    if one.email and not one.is_erased:
        kinds.append(("address", others.filter(email=one.email), one.email))
    if one.full_name and one.municipality and not one.is_erased:
        kinds.append(("name", _namesakes(others, one), f"{one.full_name} {one.municipality}"))
    if one.pir:
        kinds.append(("pir", others.filter(pir=one.pir), one.pir))
    found = [_newest(kind, rows, words) for kind, rows, words in kinds]
    return [group for group in found if group.rows]


def _namesakes(rows: QuerySet[Registration], one: Registration) -> QuerySet[Registration]:
    """Whatever accents and capitals; all statuses are named because the index begins with them."""
    same = Q(status__in=RegistrationStatus.values, plain_name=fold(one.full_name), municipality=one.municipality)
    return rows.alias(plain_name=Plain("full_name")).filter(same)


def _newest(kind: str, rows: QuerySet[Registration], words: str) -> EarlierCases:
    rows = rows.annotate(total=Window(Count("pk"))).order_by("-pk").defer("evidence", "suggestions")
    found = list(rows[:SHOWN])
    total = int(getattr(found[0], "total", 0)) if found else 0
    return EarlierCases(kind, found, total, words, tab_of_status(found[0].status).slug if found else "")
