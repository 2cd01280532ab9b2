"""Gather the portal's people from the queue: addresses grouped, a chunk at a time, whatever their number.

The directories are asked a chunk at a time too, so that a hundred thousand requests need no more memory than a hundred.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from django.db.models import QuerySet
from django.db.models.functions import Lower, Trim

from registry.corrections import ModuleCourse
from registry.exports.people import KnownAccount, MoodleDirectory, PortalPerson, address_of, make_person, make_username
from registry.models import Account, Municipality, Registration
from rules.catalogue import Catalogue

CHUNK = 500
LIGHT = ("mail__verdict", "mail__trace", "evidence", "suggestions")


@dataclass(frozen=True, slots=True)
class Survey:
    """What must be known of all requests before the first row: the greatest number of courses that anybody has, and the
    user names that several addresses would get."""

    widest: int
    rivals: frozenset[str]


def load_courses(configured: Mapping[str, str]) -> dict[str, str]:
    """The courses as they count: the configuration's, and over them what staff set on the page."""
    return {**configured, **dict(ModuleCourse.objects.values_list("module", "course"))}


def by_address(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """`rows` with their mails, all of one address beside each other, oldest first."""
    light = rows.select_related("mail").defer(*LIGHT)
    return light.annotate(address=Lower(Trim("email"))).order_by("address", "pk")


def survey(rows: QuerySet[Registration], courses: Mapping[str, str]) -> Survey:
    """Look through `rows`, addresses and modules only."""
    widest = 1
    altered: dict[str, set[str]] = {}
    for address, modules in _grouped(rows):
        widest = max(widest, len({courses[one] for one in modules if courses.get(one)}))
        username = make_username(address)
        if username != address:
            altered.setdefault(username, set()).add(address)
    if altered:  # only a name that is not the address itself can be another's
        for address, _ in _grouped(rows):
            if address in altered:
                altered[address].add(address)
    return Survey(widest, frozenset(name for name, owners in altered.items() if len(owners) > 1))


def find_people(
    rows: Iterable[Registration], catalogue: Catalogue, courses: Mapping[str, str], rivals: Collection[str] = ()
) -> Iterator[PortalPerson]:
    """Everybody among `rows`, which stand in the order of `by_address`."""
    groups = (tuple(group) for _, group in groupby(rows, key=address_of))
    while chunk := list(islice(groups, CHUNK)):
        directory = load_directory(chunk, catalogue, courses, rivals)
        yield from (make_person(group, directory) for group in chunk)


def load_directory(
    groups: Sequence[Sequence[Registration]],
    catalogue: Catalogue,
    courses: Mapping[str, str],
    rivals: Collection[str] = (),
) -> MoodleDirectory:
    """What the imported register and accounts know of these people."""
    addresses = {address_of(group[-1]) for group in groups}
    accounts = {
        row.email.lower(): KnownAccount(row.username.lower(), row.full_name)
        for row in Account.objects.filter(pk__in=addresses)
    }
    usernames = {make_username(address) for address in addresses}
    usernames |= {account.username for account in accounts.values() if account.username}
    owned = Account.objects.filter(username__in=usernames).values_list("username", "email")
    bodies = Municipality.objects.in_bulk({group[-1].pir for group in groups})
    return MoodleDirectory(
        courses=courses,
        institutions={pir: body.name for pir, body in bodies.items()},
        accounts=accounts,
        owners={username.lower(): email.lower() for username, email in owned},
        rivals=rivals,
        given_names=catalogue.given_names,
    )


def _grouped(rows: QuerySet[Registration]) -> Iterator[tuple[str, set[str]]]:
    """Each address with the modules asked for."""
    light = by_address(rows).values_list("email", "modules").iterator(chunk_size=5_000)
    for address, group in groupby(light, key=lambda row: row[0].strip().lower()):
        yield address, {module for _, modules in group for module in modules.split()}
