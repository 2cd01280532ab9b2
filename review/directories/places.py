"""All that is known of one settlement: its bodies, its jegyzők, its office and who else belongs to that."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from registry.folding import fold
from registry.models import Clerk, Municipality, Registration, Settlement
from review.directories.shelves import SHELVES
from review.knowledge import get_catalogue
from staff.access import needs
from staff.roles import Ability

MOST_BUILT_IN = 20
MOST_CASES = 20


@dataclass(frozen=True, slots=True)
class PlacePage:
    """`clerks` are those under the settlement itself, `seat_clerks` those of the joint office's seat.

    `villages` belong to the joint office that sits here.
    """

    name: str
    county: str
    seat: str
    is_imported: bool
    villages: list[str]
    bodies: list[Municipality]
    clerks: list[Clerk]
    seat_clerks: list[Clerk]
    cases: list[Registration]


@needs(Ability.VIEW)
@require_GET
def place(request: HttpRequest, name: str) -> HttpResponse:
    """The page of a settlement, imported or built in."""
    context = {"page": "directories", "shelves": SHELVES, "place": _get_place(name)}
    return render(request, "review/directories/place.html", context)


def find_built_in(words: str) -> list[tuple[str, str]]:
    """(name, county) of the settlements that the program itself brings and that hold every word."""
    wanted = fold(words).split()
    found = (
        (place.name, place.county)
        for place in get_catalogue().settlements.values()
        if all(word in fold(f"{place.name} {place.county}") for word in wanted)
    )
    return sorted(found)[:MOST_BUILT_IN]


def _get_place(name: str) -> PlacePage:
    row = Settlement.objects.filter(pk=name).first()
    known = get_catalogue().settlements.get(name)
    if row is None and known is None:
        raise Http404
    seat = row.joint_office_seat if row else ""
    clerks = list(Clerk.objects.filter(municipality__in=[name, seat or name]).select_related("confirmed_by"))
    cases = Registration.objects.filter(municipality=name).defer("evidence", "suggestions").order_by("-pk")
    return PlacePage(
        name=name,
        county=row.county if row else known.county if known else "",
        seat=seat,
        is_imported=row is not None,
        villages=list(
            Settlement.objects.filter(joint_office_seat=name).order_by("folded").values_list("name", flat=True)
        ),
        bodies=list(Municipality.objects.filter(settlement=name).order_by("folded")),
        clerks=[one for one in clerks if one.municipality == name],
        seat_clerks=[one for one in clerks if one.municipality != name],
        cases=list(cases[:MOST_CASES]),
    )
