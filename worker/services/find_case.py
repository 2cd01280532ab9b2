"""Find a mail's case: by whose request it makes once more, by who wrote it (by what it answers: find_thread). Questions
only.

Whether the writer is to be trusted is not asked here (`cases.speaks_for`).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.identity import identity, name_words
from registry.models import Registration, RegistrationStatus
from rules.model import Field, Person, Problem
from worker.models import Mail
from worker.services.cases import OPEN
from worker.services.looks import Key, Question

MOST_CASES = 5
KNOWN = (*OPEN, RegistrationStatus.APPROVED, RegistrationStatus.EXPORTED, RegistrationStatus.REGISTERED)
IMPERSONAL = frozenset({Problem.EMAIL_NOT_PERSONAL, Problem.EMAIL_INVALID, Problem.EMAIL_SHARED})


@dataclass(frozen=True, slots=True)
class Double:
    """A request that the ledger has of a person of the mail (`person`: the place there).

    `sure`: it is the same person beyond doubt; else another name stands beside the same address. `repeats`: it asks
    for every module that the mail asks for.
    """

    person: int
    registration: int
    version: int
    conversation: int | None
    status: str
    sure: bool
    repeats: bool


@dataclass(frozen=True, slots=True)
class RequestKeys:
    """E-mail addresses and identities (registry.identity) of people."""

    emails: frozenset[str]
    identities: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.emails or self.identities)

    @classmethod
    def of_all(cls, several: Iterable[RequestKeys]) -> RequestKeys:
        """All keys of `several`."""
        told = list(several)
        emails = (one.emails for one in told)
        return cls(frozenset().union(*emails), frozenset().union(*(one.identities for one in told)))

    @property
    def keys(self) -> Iterable[Key]:
        """The same, as a mail may change what is under them."""
        emails = (("email", one) for one in self.emails)
        return itertools.chain(emails, (("identity", one) for one in self.identities))

    def name(self, row: Registration) -> bool:
        """Whether `row` is a request of one of these people."""
        return row.email in self.emails or row.identity in self.identities

    def find(self) -> QuerySet[Registration]:
        """The requests of any of these people that count as known."""
        whose = Q(email__in=self.emails) | Q(identity__in=self.identities)
        return Registration.objects.filter(whose, status__in=KNOWN)


def keys_of(people: Iterable[Person]) -> RequestKeys:
    """Under what the ledger would have a request of one of these people."""
    emails = {one for person in people for one in (_email(person), _email(person).lower()) if one}
    return RequestKeys(frozenset(emails), frozenset(_identity(person) for person in people) - {""})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What of a person is compared with the requests that the ledger has."""

    email: str
    identity: str
    name: frozenset[str]
    modules: frozenset[str]


@dataclass(frozen=True)
class DoublesAsked(Question[tuple[Double, ...]]):
    """Requests of these people that the ledger has, of other mails and not among `besides` (primary keys)."""

    mail: int
    people: tuple[_Wanted, ...]
    requests: RequestKeys
    besides: frozenset[int]

    @classmethod
    def answer_all(cls, questions: Sequence[DoublesAsked]) -> list[tuple[Double, ...]]:
        """One statement."""
        keys = RequestKeys.of_all(one.requests for one in questions)
        if not keys:
            return [() for _ in questions]
        columns = ("version", "status", "full_name", "email", "identity", "modules", "mail__conversation")
        rows = list(keys.find().select_related("mail").order_by("-pk").only(*columns))
        return [tuple(one._among(rows)) for one in questions]

    @property
    def keys(self) -> Iterable[Key]:
        """Whatever becomes known of them."""
        return self.requests.keys

    def _among(self, rows: Iterable[Registration]) -> Iterator[Double]:
        for row in rows:
            if row.mail_id == self.mail or row.pk in self.besides or not self.requests.name(row):
                continue
            for place, person in enumerate(self.people):
                double = _double(place, person, row)
                if double is not None:
                    yield double


def doubles_of(mail: Mail, people: Sequence[Person], besides: Iterable[int] = ()) -> DoublesAsked:
    """Asks for the requests of `people` that the ledger has, of other mails and not among `besides` (primary keys)."""
    return DoublesAsked(mail.pk, tuple(_wanted(person) for person in people), keys_of(people), frozenset(besides))


def _wanted(person: Person) -> _Wanted:
    return _Wanted(
        email=_email(person).lower(),
        identity=_identity(person),
        name=name_words(person.full_name.value if person.full_name else ""),
        modules=frozenset(field.value for field in person.modules),
    )


def _double(place: int, person: _Wanted, row: Registration) -> Double | None:
    same_email = bool(row.email) and person.email == row.email.lower()
    if not (same_email or (row.identity and row.identity == person.identity)):
        return None
    name = name_words(row.full_name)
    return Double(
        person=place,
        registration=row.pk,
        version=row.version,
        conversation=row.mail.conversation_id,
        status=row.status,
        sure=(bool(name) and name == person.name) or not (name and person.name),
        repeats=person.modules <= set(row.module_ids),
    )


@dataclass(frozen=True)
class OpenCasesAsked(Question[tuple[int, ...]]):
    """The conversations of a writer (lower case) in which a request is open, newest first."""

    sender: str

    @classmethod
    def answer_all(cls, questions: Sequence[OpenCasesAsked]) -> list[tuple[int, ...]]:
        """One statement."""
        senders = [one.sender for one in questions if one.sender]
        rows = of_open_cases(senders).values_list("sender", "conversation").distinct() if senders else ()
        found: defaultdict[str, list[int]] = defaultdict(list)
        for sender, conversation in rows:
            found[sender].append(conversation)
        return [tuple(sorted(found[one.sender], reverse=True)[:MOST_CASES]) for one in questions]

    @property
    def keys(self) -> Iterable[Key]:
        """Any case of theirs."""
        return [("sender", self.sender)]


@dataclass(frozen=True)
class OriginalsCaseAsked(Question[tuple[int, str] | None]):
    """The conversation of a mail that came once more, and how that was known."""

    mail: int

    @classmethod
    def answer_all(cls, questions: Sequence[OriginalsCaseAsked]) -> list[tuple[int, str] | None]:
        """One statement."""
        rows = Mail.objects.filter(pk__in=[one.mail for one in questions], conversation__isnull=False)
        found = {key: (at, how) for key, at, how in rows.values_list("pk", "conversation", "linked_by")}
        return [found.get(one.mail) for one in questions]

    @property
    def keys(self) -> Iterable[Key]:
        """That mail."""
        return [("mail", self.mail)]


def of_open_cases(senders: Iterable[str]) -> QuerySet[Mail]:
    """The mails of these writers (lower case) in whose conversation a request is open.

    It begins at the writers, who wrote few: there may be any number of open requests.
    """
    requests = Registration.objects.filter(status__in=OPEN, mail__conversation=OuterRef("conversation"))
    mails = Mail.objects.filter(sender__in=list(senders), conversation__closed_at__isnull=True)
    return mails.filter(Exists(requests), conversation__isnull=False)


def same_name(one: Field[str] | None, other: Field[str] | None) -> bool:
    """Whether both are named alike, whatever the order of the words, titles and accents."""
    return bool(one and other) and name_words(one.value) == name_words(other.value)  # type: ignore[union-attr]


def _identity(person: Person) -> str:
    return identity(person.pir.value, person.full_name.value) if person.pir and person.full_name else ""


def _email(person: Person) -> str:
    if person.email is None or IMPERSONAL & set(person.problems):
        return ""
    return person.email.value
