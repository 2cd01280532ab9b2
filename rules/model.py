"""The values that flow through the rules: Message in, Verdict out. Plain frozen data, no behaviour beyond reading.

`worker.intake` makes Messages, `rules.reading` and `rules.checks` make Fields and Findings, `rules.chain` makes the
Verdict. Every word in the enumerations is fixed by spec/policy.md and spec/verdict.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Kind(StrEnum):
    """What a mail is (policy.md §1)."""

    AUTOMATIC = "automatic"
    REGISTRATION = "registration"
    PASSWORD = "password"  # noqa: S105  # a kind of mail, no secret
    OTHER = "other"


class Outcome(StrEnum):
    """What happens to a mail (policy.md §7); a mail has a set of these."""

    ROUTE = "route"
    REPLY_MISSING = "reply_missing"
    REPLY_PASSWORD = "reply_password"  # noqa: S105
    REVIEW = "review"
    IGNORE = "ignore"


class Status(StrEnum):
    """Where one person's request goes (policy.md §6)."""

    READY = "ready"
    INCOMPLETE = "incomplete"
    REVIEW = "review"


class JegyzoStatus(StrEnum):
    """How sure it is that the jegyző is a visible recipient (policy.md §4)."""

    CONFIRMED = "confirmed"
    STATED = "stated"
    SENDER = "sender"
    UNCLEAR = "unclear"
    ABSENT = "absent"


class Problem(StrEnum):
    """What the corrective reply asks for (policy.md §6)."""

    FULL_NAME_MISSING = "full_name_missing"
    MUNICIPALITY_MISSING = "municipality_missing"
    PIR_MISSING = "pir_missing"
    PIR_INVALID = "pir_invalid"
    COUNTY_MISSING = "county_missing"
    COUNTY_MISMATCH = "county_mismatch"
    EMAIL_MISSING = "email_missing"
    EMAIL_INVALID = "email_invalid"
    EMAIL_NOT_PERSONAL = "email_not_personal"
    EMAIL_SHARED = "email_shared"
    MODULES_MISSING = "modules_missing"
    MODULES_UNKNOWN = "modules_unknown"
    JEGYZO_NOT_IN_CC = "jegyzo_not_in_cc"
    JEGYZO_UNCLEAR = "jegyzo_unclear"


class Note(StrEnum):
    """What staff see beside a person and the requester is never asked for (policy.md §6)."""

    MUNICIPALITY_UNKNOWN = "municipality_unknown"
    EMAIL_UNRELATED_TO_NAME = "email_unrelated_to_name"
    MODULES_PARTLY_UNKNOWN = "modules_partly_unknown"
    COUNTY_INFERRED = "county_inferred"
    PIR_FROM_TAX_NUMBER = "pir_from_tax_number"
    PIR_CONTRADICTS_TAX_NUMBER = "pir_contradicts_tax_number"
    PIR_OF_ANOTHER_BODY = "pir_of_another_body"
    DATA_ONLY_IN_UNREADABLE_ATTACHMENT = "data_only_in_unreadable_attachment"
    ANSWER_CONTRADICTS = "answer_contradicts"


class PartKind(StrEnum):
    """The role of a stretch of readable text in its mail."""

    SUBJECT = "subject"
    TEXT = "text"  # what the sender wrote now
    SIGNATURE = "signature"  # the sender's own, below the closing
    FOOTER = "footer"  # legal and advertising lines
    QUOTED = "quoted"  # an older mail under a reply
    FORWARDED = "forwarded"  # a mail the sender passes on (inline or message/rfc822)
    OWN_FORM = "own_form"  # our corrective reply's form, filled in by the requester, wherever it was quoted
    ATTACHMENT = "attachment"  # text of an xlsx, docx, csv, pdf …


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header: the decoded display name ("" where none) and the lower-cased address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; `start`/`end` are character offsets into the text of the part that holds the table."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as the reader sees them; merged cells are repeated in every place they cover."""

    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of readable text: NFC, NBSP and exotic blanks made plain, `õû` folded to `őű`, `\\n` line ends.

    `text` holds the tables too (cells joined by a tab, rows by a line end); `tables` says where they are.
    `source` is the MIME type or, for attachments, the file name. `sender` and `recipients` are those named in the
    header lines of a forwarded or quoted mail.
    """

    kind: PartKind
    text: str
    source: str = "text/plain"
    tables: tuple[Table, ...] = ()
    sender: Address | None = None
    recipients: tuple[Address, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of an attachment; its text, where it has one, is a Part of kind ATTACHMENT.

    `readable` is None for what nobody would read data from (inline logos, vCards), True where text was got,
    False where a person must look (scan, encrypted, broken, too large); then `reason` says why, in English.
    """

    filename: str
    content_type: str
    size: int
    readable: bool | None
    reason: str = ""


@dataclass(frozen=True)
class Message:
    """A parsed mail. Header names in `headers` are lower-cased, values decoded and unfolded, order and repeats kept.

    `content_types` lists every MIME part's type with the parameters that matter ("multipart/report;
    report-type=delivery-status"), lower-cased. `defects` are words for what intake had to guess or cut:
    charset_guessed, truncated, too_deep, too_many_parts, encrypted, header_broken, no_from, many_from.
    """

    message_id: str
    subject: str
    from_: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    content_types: tuple[str, ...]
    parts: tuple[Part, ...]
    attachments: tuple[Attachment, ...] = ()
    defects: frozenset[str] = frozenset()

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of the header `name` (lower case), in order."""
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        """The headers by name: the rules ask for some thirty names."""
        found: dict[str, tuple[str, ...]] = {}
        for name, value in self.headers:
            found[name] = (*found.get(name, ()), value)
        return found

    def parts_of(self, *kinds: PartKind) -> tuple[Part, ...]:
        """The parts of these kinds, in order."""
        return tuple(part for part in self.parts if part.kind in kinds)


class Evidence(NamedTuple):
    """Where something was seen: `part` indexes Message.parts, or is -1 for a header, then `source` names it."""

    part: int
    start: int
    end: int
    excerpt: str
    source: str = ""


class Origin(StrEnum):
    """How a value came to be; earlier ones win over later ones."""

    OWN = "own"  # stated for this very person
    SHARED = "shared"  # stated once for the whole mail
    SENDER = "sender"  # the sender's address, display name
    SIGNATURE = "signature"
    INFERRED = "inferred"  # computed: county from settlement, PIR from tax number


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


class ReplyKind(StrEnum):
    """The replies the worker may send by itself."""

    MISSING = "missing"
    PASSWORD = "password"  # noqa: S105


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
