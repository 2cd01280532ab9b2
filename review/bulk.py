"""What a bulk action would do: which of the rows it takes, and which it leaves alone and why. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.models import Registration
from registry.services.approve import CLEAN
from registry.services.assign import ASSIGNABLE
from registry.services.change import Target
from review.listing import Search, find_registrations
from review.paging import BEGINNING, COUNTED, ORDERS, place_rows
from rules.model import Note

APPROVE, ASSIGN, EXPORT = "approve", "assign", "export"
NAMED = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """`targets` are done, `left` (a code of the label group "why_refused" → how many) are not.

    `named` are the first of those that are done; where `is_more`, the search finds more rows than one action takes.
    """

    verb: str
    targets: tuple[Target, ...]
    named: tuple[Registration, ...]
    left: dict[str, int]
    is_more: bool

    @property
    def fixed(self) -> str:
        """The targets as one hidden field holds them: exactly what the person saw."""
        return " ".join(f"{one.pk}:{one.version}" for one in self.targets)


def plan_search(verb: str, search: Search, me: int) -> Plan:
    """For everything that the search finds, as far as one action goes (COUNTED rows)."""
    rows = place_rows(find_registrations(search), ORDERS[search.sort], BEGINNING)
    found = list(rows.defer("evidence", "suggestions")[: COUNTED + 1])
    return _plan(verb, found[:COUNTED], me, is_more=len(found) > COUNTED)


def plan_marked(verb: str, targets: Sequence[Target], me: int) -> Plan:
    """For marked rows; those that changed since are left alone."""
    rows = Registration.objects.defer("evidence", "suggestions").in_bulk([one.pk for one in targets])
    current = [rows[one.pk] for one in targets if one.pk in rows and rows[one.pk].version == one.version]
    plan = _plan(verb, current, me, is_more=False)
    if len(current) < len(targets):
        plan.left["outdated"] = len(targets) - len(current)
    return plan


def _plan(verb: str, rows: Iterable[Registration], me: int, *, is_more: bool) -> Plan:
    reasons = [(row, _why_not(verb, row, me)) for row in rows]
    taken = [row for row, why in reasons if not why]
    left = Counter(why for _, why in reasons if why)
    return Plan(verb, tuple(Target(row.pk, row.version) for row in taken), tuple(taken[:NAMED]), dict(left), is_more)


def _why_not(verb: str, row: Registration, me: int) -> str:
    """Why `verb` leaves this row alone; "" where it does not."""
    if verb == ASSIGN:
        return "" if row.status in ASSIGNABLE else "state"
    if verb == EXPORT:
        return "fields" if row.missing_fields else ""
    if row.status not in CLEAN:
        return "state"
    if row.problems:
        return "problems"
    if Note.ANSWER_CONTRADICTS in row.notes:
        return "contradicts"
    return "assigned" if row.assignee_id not in {None, me} else ""
