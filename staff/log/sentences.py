"""A row of the log in Hungarian. The words stand in templates/review/labels/: groups "access…" and "event"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from review.labels import label, load_labels
from review.templatetags.words import article, person
from staff.models import Access, Invitation
from worker.models import Event

WORD = "access_by"  # how the person proved who they are
_OF_ONE_THING = ("registration", "mail", "reply")


@dataclass(frozen=True, slots=True)
class Entry:
    """`who` "" is the worker, `unknown` a login that nobody has; `page` and `number` lead to what it is about.

    `outcome` is what went wrong ("" where nothing did), `address` where the request came from ("" for events).
    """

    at: datetime
    who: str
    unknown: bool
    sentence: str
    subject: str
    number: int | None
    outcome: str
    address: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the colleagues and invited people that rows speak of."""

    people: Mapping[int, str]
    invited: Mapping[int, str]

    @classmethod
    def of(cls, rows: Iterable[Access | Event]) -> Names:
        """At most two queries."""
        wanted: dict[str, set[int]] = {"person": set(), "invitation": set()}
        for row in rows:
            for kind, number in _mentioned(row):
                wanted[kind].add(number)
        people = User.objects.filter(pk__in=wanted["person"]) if wanted["person"] else ()
        invited = Invitation.objects.filter(pk__in=wanted["invitation"]) if wanted["invitation"] else ()
        return cls({one.pk: person(one) for one in people}, {one.pk: one.name for one in invited})


def entry_of(row: Access | Event, names: Names) -> Entry:
    """The row in words."""
    return _of_access(row, names) if isinstance(row, Access) else _of_event(row, names)


def number_with_article(number: int) -> str:
    """`az 1.`, `a 2.`, `az 1500.`, `a 100.`: by how the number is read aloud."""
    digits = str(number)
    vowel = digits[0] == "5" or (digits[0] == "1" and len(digits) % 3 == 1)
    return f"{'az' if vowel else 'a'} {number}."


def _of_access(row: Access, names: Names) -> Entry:
    return Entry(
        at=row.at,
        who=person(row.user) if row.user else "",
        unknown=row.user is None,
        sentence=_access_sentence(row, names),
        subject=row.subject if row.subject in _OF_ONE_THING and row.subject_id is not None else "",
        number=row.subject_id,
        outcome=label("access_outcome", row.status) if row.status >= 400 else "",
        address=row.address or "",
    )


def _access_sentence(row: Access, names: Names) -> str:
    known = {"person": names.people, "invitation": names.invited}.get(row.subject, {})
    facts = {
        "number": number_with_article(row.subject_id) if row.subject_id is not None else "",
        "name": known.get(row.subject_id or 0, "–"),
        "by": ", ".join(label(WORD, one) for one in row.details.get("by", ())),
    }
    facts["with_article"] = f"{article(facts['name'])} {facts['name']}"
    labels = load_labels()
    if row.page in labels["access"]:
        sentence = label("access", row.page, **facts)
    elif f"{row.subject}_{row.method}" in labels["access_about"]:
        sentence = label("access_about", f"{row.subject}_{row.method}", **facts)
    else:
        page = label("menu", row.page) if row.page in labels["menu"] else row.page
        sentence = label("access_about", "GET" if row.method in ("GET", "HEAD") else "POST", page=page)
    return sentence + (label("access", "_searched") if row.details.get("asked") else "")


def _of_event(row: Event, names: Names) -> Entry:
    subject = next((kind for kind in _OF_ONE_THING if getattr(row, f"{kind}_id") is not None), "")
    return Entry(
        at=row.at,
        who=person(row.actor) if row.actor else "",
        unknown=False,
        sentence=label("event", row.verb, **_facts(row.details, names)),
        subject=subject,
        number=getattr(row, f"{subject}_id") if subject else None,
        outcome="",
        address="",
    )


def _facts(details: Mapping[str, Any], names: Names) -> dict[str, str]:
    facts = {"number": str(details.get("number", "–")), "name": "–"}
    if isinstance(details.get("person"), int):
        facts["name"] = names.people.get(details["person"], "–")
    elif isinstance(details.get("invitation"), int):
        facts["name"] = names.invited.get(details["invitation"], "–")
    for key in ("from", "to", "role"):
        if isinstance(details.get(key), str) and details[key] in load_labels()["role"]:
            facts[key] = label("role", details[key])
    return facts


def _mentioned(row: Access | Event) -> Iterable[tuple[str, int]]:
    if isinstance(row, Access):
        return [(row.subject, row.subject_id)] if row.subject in ("person", "invitation") and row.subject_id else []
    return [(kind, row.details[kind]) for kind in ("person", "invitation") if isinstance(row.details.get(kind), int)]
