"""The values that flow through the rules: Message in, Verdict out. Plain frozen data, no behaviour beyond reading.

`worker.intake` makes Messages (`rules.message`), `rules.reading` and `rules.checks` make Fields and Findings,
`rules.chain` makes the Verdict. The words of `rules.vocabulary` are fixed by spec/policy.md and spec/verdict.md. All of
them are to be had here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from rules.message import Address, Attachment, Cell, Message, Part, Table
from rules.vocabulary import JegyzoStatus, Kind, Note, Origin, Outcome, PartKind, Problem, ReplyKind, Status

__all__ = [
    "Address",
    "Attachment",
    "Cell",
    "Context",
    "Earlier",
    "Evidence",
    "Field",
    "Finding",
    "Jegyzo",
    "JegyzoStatus",
    "Kind",
    "Message",
    "Note",
    "Origin",
    "Outcome",
    "Part",
    "PartKind",
    "Person",
    "Problem",
    "ReplyKind",
    "ReplyPlan",
    "Status",
    "Table",
    "Verdict",
]

T = TypeVar("T")


class Evidence(NamedTuple):
    """Where something was seen: `part` indexes Message.parts, or is -1 for a header, then `source` names it."""

    part: int
    start: int
    end: int
    excerpt: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A value in normal form with its evidence; `certainty` from 0 (guess) to 1 (labelled, exact)."""

    value: T
    evidence: tuple[Evidence, ...] = ()
    origin: Origin = Origin.OWN
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule said of the mail (`person` None) or of one person (index into Verdict.people).

    `code` is a Problem, a Note, or the rule's own word; `details` are the values an explanation needs
    (never sentences: those live in templates).
    """

    rule: str
    hit: bool
    code: str = ""
    person: int | None = None
    evidence: tuple[Evidence, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """One person's request as understood, and what the checks made of it.

    `modules` hold ProBono identifiers. Values that a check refused stay in place, the problem says so.
    `suggestions` maps a problem to what the reply may offer: pir_invalid → the likely PIR, email_invalid → the
    likely address, county_mismatch → the settlement's county, modules_unknown → close module names joined by "; ".
    """

    full_name: Field[str] | None = None
    municipality: Field[str] | None = None
    pir: Field[str] | None = None
    county: Field[str] | None = None
    email: Field[str] | None = None
    modules: tuple[Field[str], ...] = ()
    unknown_modules: tuple[Field[str], ...] = ()
    status: Status = Status.REVIEW
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    suggestions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Jegyzo:
    """The ladder's result (policy.md §4); `address` is the jegyző's, where known."""

    status: JegyzoStatus
    address: str = ""
    name: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyPlan:
    """Who is to be answered with what; the words are made from templates/replies/ by the worker."""

    kind: ReplyKind
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that the rules have to say of one mail. `reason` is the code of the finding that decided the kind.

    Of a mail that answers a case (Context.earlier) the first `continues` people are the case's own, in its order and
    with what the mail adds to them; `withdraws` are the places of those whose request it takes back.
    """

    kind: Kind
    outcomes: frozenset[Outcome]
    reason: str
    jegyzo: Jegyzo | None = None
    people: tuple[Person, ...] = ()
    reply: ReplyPlan | None = None
    findings: tuple[Finding, ...] = ()
    rules_version: str = ""
    continues: int = 0
    withdraws: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """The case that a mail answers, as it stands: its open people in their order, the jegyző as seen in its mails.

    What our last letter asked of each is in `Person.problems`.
    """

    people: tuple[Person, ...]
    jegyzo: Jegyzo | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules must be told of the world beside the mail itself; an empty one serves the dry run.

    `own_addresses` are the mailbox's (lower case). `clerks` maps a municipality to the known jegyző addresses,
    `registered_pirs` maps every PIR of the imported official register to its municipality. `earlier` is the case
    that the mail answers, where it answers one. `authenticators` are the servers (lower case, "" for one that leaves
    its name out) whose Authentication-Results are believed; None: where any says that a sender is forged, a person
    looks. `accepted_addresses` (lower case) are those that staff took for personal, whatever they look like.
    """

    own_addresses: frozenset[str] = frozenset({"aspoktatas@allamkincstar.gov.hu"})
    clerks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    registered_pirs: Mapping[str, str] = field(default_factory=dict)
    earlier: Earlier | None = None
    authenticators: frozenset[str] | None = None
    accepted_addresses: frozenset[str] = frozenset()
