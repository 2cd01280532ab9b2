"""The people in a mail's header as the page shows them, with what of them was read or could be taken. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from review.candidates import Candidate
from review.evidence import find_seen
from review.highlights import Span
from rules.model import Address, Message

HEADER = -1  # the part that stands for the header


@dataclass(frozen=True, slots=True)
class PersonView:
    """A name and address; `takes_name` and `takes_address` are what a person could take of it, "" for nothing.

    `read` are the fields of the request that were read here.
    """

    name: str
    address: str
    takes_name: str
    takes_address: str
    read: frozenset[str]


def view_people(
    message: Message, seen: Iterable[Span], fields: Mapping[str, object], found: Iterable[Candidate]
) -> dict[str, list[PersonView]]:
    """By header ("from", "reply-to", "to", "cc"); `fields` are what the ledger keeps of the request's fields."""
    read = _read_in_headers(fields, {span.field for span in seen})
    taken = {(one.source, one.field, one.value) for one in found if one.part == HEADER}
    names = {(source, value) for source, field, value in taken if field == "full_name"}
    rows = {"from": message.from_, "reply-to": message.reply_to, "to": message.to, "cc": message.cc}
    return {
        source: [_person(one, source, names, taken, read.get(source, frozenset())) for one in people]
        for source, people in rows.items()
    }


def _person(
    one: Address,
    source: str,
    names: Iterable[tuple[str, str]],
    taken: Iterable[tuple[str, str, str]],
    read: frozenset[str],
) -> PersonView:
    words = set(one.name.replace(",", " ").split())
    name = next((value for where, value in names if where == source and set(value.split()) <= words), "")
    address = one.address if (source, "email", one.address) in taken else ""
    return PersonView(one.name, one.address, name, address, read)


def _read_in_headers(fields: Mapping[str, object], known: Iterable[str]) -> dict[str, frozenset[str]]:
    """Which fields were read in which header."""
    found: dict[str, set[str]] = {}
    for field in known:
        for seen in find_seen(fields.get(field)):
            if seen.part == HEADER and seen.source:
                found.setdefault(seen.source.lower(), set()).add(field)
    return {source: frozenset(names) for source, names in found.items()}
