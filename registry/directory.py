"""The directories as the rules want them: one Context, read again only when one of them changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db.models.functions import Now

from registry.catalogue import correct_catalogue, get_corrections
from registry.models import AcceptedAddress, Clerk, Municipality, Settlement
from rules.catalogue import Catalogue
from rules.catalogue import Settlement as Place
from rules.model import Context
from worker.models import Control

STAMP = "directories"  # the Control row whose `at` says when a directory last changed


@dataclass(frozen=True, slots=True)
class _Extended:
    """A catalogue of the files, when the directories last changed then, and what was made of both."""

    files: Catalogue
    stamp: datetime | None
    settled: Catalogue
    corrected: Catalogue


_extended: dict[bool, _Extended] = {}  # by whether drafts count
_kept: dict[frozenset[str], tuple[datetime, Context]] = {}


def load_context(own_addresses: frozenset[str]) -> Context:
    """Known jegyzők by municipality (those of a joint office under every village of it), registered PIRs, and the
    addresses that staff took for personal.

    Costs one small query while nothing was imported since the last call in this process. Whose Authentication-Results
    are believed is the configuration's to say.
    """
    stamp = _last_change() or _begin()
    kept = _kept.get(own_addresses)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    context = Context(
        own_addresses=own_addresses,
        clerks=_clerks(),
        registered_pirs=_registered_pirs(),
        authenticators=settings.ASPOKTATAS.authenticators,
        accepted_addresses=frozenset(AcceptedAddress.objects.values_list("pk", flat=True)),
    )
    if stamp is not None:
        _kept[own_addresses] = (stamp, context)
    return context


def _last_change() -> datetime | None:
    """When a directory last changed."""
    return Control.objects.filter(name=STAMP).values_list("at", flat=True).first()


def _begin() -> datetime | None:
    """An office that imported nothing yet is to be read only once as well."""
    Control.objects.get_or_create(name=STAMP, defaults={"at": Now()})
    return _last_change()


def extend_catalogue(catalogue: Catalogue, *, drafts: bool = False) -> Catalogue:
    """`catalogue` as this office knows it: with the imported gazetteer's further settlements and staff's words.

    With `drafts` also with the words that are not switched on yet. As long as nothing changed it is the same value, so
    that what the rules prepare from it is kept; that costs two small queries.
    """
    stamp = _last_change()
    corrections = get_corrections(drafts=drafts)
    known = _extended.get(drafts)
    if known is not None and stamp is not None and known.files is catalogue and known.stamp == stamp:
        corrected = correct_catalogue(known.settled, corrections)
        if corrected.version == known.corrected.version:
            return known.corrected
        settled = known.settled
    else:
        settled = _with_settlements(catalogue)
        corrected = correct_catalogue(settled, corrections)
    _extended[drafts] = _Extended(catalogue, stamp, settled, corrected)
    return corrected


def _with_settlements(catalogue: Catalogue) -> Catalogue:
    new: Mapping[str, Place] = {
        row.name: Place(name=row.name, county=row.county)
        for row in Settlement.objects.all()
        if row.name not in catalogue.settlements
    }
    return replace(catalogue, settlements={**catalogue.settlements, **new}) if new else catalogue


def mark_directories_changed() -> None:
    """Let every process read the directories again; called by whatever writes one."""
    Control.objects.update_or_create(name=STAMP, defaults={"at": Now()})


def _clerks() -> dict[str, frozenset[str]]:
    known: defaultdict[str, set[str]] = defaultdict(set)
    for municipality, address in Clerk.objects.values_list("municipality", "address"):
        known[municipality].add(address.lower())
    seats = Settlement.objects.exclude(joint_office_seat="").values_list("name", "joint_office_seat")
    for village, seat in list(seats):
        if seat in known:
            known[village] |= known[seat]
    return {municipality: frozenset(addresses) for municipality, addresses in known.items()}


def _registered_pirs() -> dict[str, str]:
    return dict(Municipality.objects.values_list("pir", "settlement"))
