"""Find a mail's case: by what it answers, by whose request it makes once more, by who wrote it. Questions only.

Whether the writer is to be trusted is not asked here (`cases.speaks_for`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.identity import identity, name_words
from registry.models import Registration, RegistrationStatus
from rules.model import Field, Kind, Message, Person, Problem
from worker.models import LinkedBy, Mail, Reply
from worker.services.cases import OPEN

TOKEN = re.compile(r"\[ASPO-([A-Z2-7]{10})\]", re.IGNORECASE)
MOST_IDS = 100
MOST_TOKENS = 5
MOST_CASES = 5
KNOWN = (*OPEN, RegistrationStatus.APPROVED, RegistrationStatus.EXPORTED, RegistrationStatus.REGISTERED)
IMPERSONAL = frozenset({Problem.EMAIL_NOT_PERSONAL, Problem.EMAIL_INVALID, Problem.EMAIL_SHARED})


@dataclass(frozen=True, slots=True)
class Thread:
    """The conversation that a mail says it belongs to; `ours`: it names a letter of ours, which not everybody has."""

    conversation: int
    linked_by: LinkedBy
    ours: bool = False


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

    def find(self) -> QuerySet[Registration]:
        """The requests of any of these people that count as known."""
        whose = Q(email__in=self.emails) | Q(identity__in=self.identities)
        return Registration.objects.filter(whose, status__in=KNOWN)


def points_somewhere(message: Message) -> bool:
    """Whether the mail names another one at all; most do not."""
    return bool(message.in_reply_to or message.references or TOKEN.search(message.subject))


def find_thread(mail: Mail, message: Message) -> Thread | None:
    """The conversation that `message` points at, by our letters' Message-IDs, the subject's mark, other mails' IDs."""
    ids = list(dict.fromkeys([*message.in_reply_to, *reversed(message.references)]))[:MOST_IDS]
    answered = _by_letter(ids)
    if answered is not None:
        return Thread(answered, LinkedBy.REPLY, ours=True)
    marked = _by_token(message.subject)
    if marked is not None:
        return Thread(marked, LinkedBy.TOKEN, ours=True)
    followed = _by_mail(mail, ids)
    return Thread(followed, LinkedBy.REPLY) if followed is not None else None


def _by_letter(ids: Sequence[str]) -> int | None:
    if not ids:
        return None
    wanted = {*ids, *(one.lower() for one in ids)}  # ours are in small letters, whatever a ticket system makes of them
    rows = Reply.objects.filter(message_id__in=wanted, mail__conversation__isnull=False)
    found = {key.lower(): conversation for key, conversation in rows.values_list("message_id", "mail__conversation")}
    return next((found[one.lower()] for one in ids if one.lower() in found), None)


def _by_token(subject: str) -> int | None:
    """A mark is proved by the letter that bears it: nobody can make one up."""
    for token in TOKEN.findall(subject)[:MOST_TOKENS]:
        rows = Reply.objects.filter(message_id__startswith=f"<aspo.{token.lower()}", mail__conversation__isnull=False)
        conversation = rows.values_list("mail__conversation", flat=True).first()
        if conversation is not None:
            return int(conversation)
    return None


def _by_mail(mail: Mail, ids: Sequence[str]) -> int | None:
    if not ids:
        return None
    rows = Mail.objects.filter(message_id__in=ids, conversation__isnull=False).exclude(pk=mail.pk)
    rows = rows.exclude(kind=Kind.AUTOMATIC.value).order_by("-pk")
    found = dict(rows.values_list("message_id", "conversation"))
    return next((found[one] for one in ids if one in found), None)


def keys_of(people: Iterable[Person]) -> RequestKeys:
    """Under what the ledger would have a request of one of these people."""
    emails = {one for person in people for one in (_email(person), _email(person).lower()) if one}
    return RequestKeys(frozenset(emails), frozenset(_identity(person) for person in people) - {""})


def find_doubles(mail: Mail, people: Sequence[Person], besides: Iterable[int] = ()) -> tuple[Double, ...]:
    """Requests of these people that the ledger has, of other mails and not among `besides` (primary keys)."""
    keys = keys_of(people)
    if not keys:
        return ()
    rows = keys.find().exclude(mail=mail.pk).exclude(pk__in=list(besides)).select_related("mail").order_by("-pk")
    columns = ("version", "status", "full_name", "email", "identity", "modules", "mail__conversation")
    found = (_double(place, person, row) for row in rows.only(*columns) for place, person in enumerate(people))
    return tuple(double for double in found if double is not None)


def _double(place: int, person: Person, row: Registration) -> Double | None:
    name, other = name_words(person.full_name.value if person.full_name else ""), name_words(row.full_name)
    same_name = bool(name) and name == other
    same_email = bool(row.email) and _email(person).lower() == row.email.lower()
    if not (same_email or (row.identity and row.identity == _identity(person))):
        return None
    return Double(
        person=place,
        registration=row.pk,
        version=row.version,
        conversation=row.mail.conversation_id,
        status=row.status,
        sure=same_name or not (name and other),
        repeats={field.value for field in person.modules} <= set(row.module_ids),
    )


def find_open_conversations(sender: str) -> tuple[int, ...]:
    """The conversations of this writer in which a request is open, newest first."""
    if not sender:
        return ()
    found = of_open_cases([sender]).order_by("-conversation").values_list("conversation", flat=True).distinct()
    return tuple(key for key in found[:MOST_CASES] if key is not None)


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
