"""Find a person: everything that the ledger and the directories hold of somebody, by address or by name and place.

Questions only. An address finds what was sent from it, asked for it or written to it; a name finds requests, and with a
place only those of it. Whether all of it is of one and the same person is for whoever asked to judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from registry.folding import fold
from registry.models import AcceptedAddress, Account, CaseNote, Clerk, Registration
from rules.name_tokens import TITLES
from rules.text import tokens
from staff.models import Access
from worker.models import Event, Mail, MailText, Reply

MOST = 500  # rows of a kind: who has more is no person but an office


@dataclass(frozen=True, slots=True)
class Question:
    """Whom to look for; `address` or `name` must be given."""

    address: str = ""
    name: str = ""
    municipality: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nobody."""
        return not (self.address or self.name)


@dataclass(frozen=True, slots=True)
class HeldMail:
    """A mail and why it is listed: "sender", "request" (it brought the request) or "mentioned"."""

    mail: Mail
    why: str


@dataclass(slots=True)
class Holdings:
    """Everything found. `events` and `visits` are log entries about it: numbers only.

    `as_clerk` are other people's requests in which the address stands as the jegyző's, `copies` letters to it about
    mails that are not among these.
    """

    registrations: list[Registration] = field(default_factory=list)
    as_clerk: list[Registration] = field(default_factory=list)
    mails: list[HeldMail] = field(default_factory=list)
    letters: list[Reply] = field(default_factory=list)
    copies: list[Reply] = field(default_factory=list)
    notes: list[CaseNote] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    clerks: list[Clerk] = field(default_factory=list)
    addresses: list[AcceptedAddress] = field(default_factory=list)
    events: int = 0
    visits: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        parts = (self.registrations, self.mails, self.letters, self.accounts, self.clerks, self.addresses)
        return not any((*parts, self.as_clerk))


def find_person(question: Question) -> Holdings:
    """Everything held of whom `question` describes."""
    held = Holdings()
    if question.is_empty:
        return held
    address = question.address.strip().lower()
    held.registrations = _registrations(question, address)
    if address:
        others = Registration.objects.filter(jegyzo_address__iexact=address).exclude(email__iexact=address)
        held.as_clerk = list(others.order_by("pk")[:MOST])
    held.mails = _mails(held.registrations, address)
    keys = [one.mail.pk for one in held.mails if one.why != "mentioned"]
    written_to = Q(pk__in=[])
    letters = Reply.objects.alias(to=Cast("recipients", TextField()))
    if address:
        written_to = Q(to__icontains=f'"{address}"')
    held.letters = list(letters.filter(Q(mail__in=keys) | written_to).defer("data").order_by("pk")[:MOST])
    numbers = [row.pk for row in held.registrations]
    held.notes = list(CaseNote.objects.filter(registration__in=numbers).select_related("author"))
    held.accounts = list(Account.objects.filter(pk=address)) if address else _accounts(question)
    held.clerks = list(Clerk.objects.filter(address__iexact=address)) if address else _clerks(question)
    held.addresses = list(AcceptedAddress.objects.filter(pk=address)) if address else []
    held.events = Event.objects.filter(Q(registration__in=numbers) | Q(mail__in=keys)).count()
    visits = Q(subject="registration", subject_id__in=numbers) | Q(subject="mail", subject_id__in=keys)
    held.visits = Access.objects.filter(visits).count()
    return held


def choose(registrations: Iterable[int], mails: Iterable[int], question: Question) -> Holdings:
    """What `find_person` finds, without the requests and mails that are not among these."""
    held = find_person(question)
    wanted, kept = set(registrations), set(mails)
    held.registrations = [row for row in held.registrations if row.pk in wanted]
    held.mails = [one for one in held.mails if one.mail.pk in kept]
    held.copies = [one for one in held.letters if one.mail_id not in kept and is_to(one, question.address)]
    held.letters = [one for one in held.letters if one.mail_id in kept]
    held.notes = [one for one in held.notes if one.registration_id in wanted]
    return held


def is_to(letter: Reply, address: str) -> bool:
    """Whether the letter went to this address."""
    return bool(address) and address.strip().lower() in (one.lower() for one in letter.recipients)


def _registrations(question: Question, address: str) -> list[Registration]:
    rows = Registration.objects.select_related("mail", "mail__conversation").defer("mail__verdict", "mail__trace")
    if address:
        rows = rows.filter(Q(email__iexact=address) | Q(mail__sender=address, full_name=""))
        found = list(rows.order_by("pk")[:MOST])
        return [row for row in found if not question.name or _is_named(row.full_name, question.name)]
    names = Registration.objects.exclude(full_name="").values_list("pk", "full_name", "municipality")
    place = fold(question.municipality)
    keys = [pk for pk, name, where in names.iterator() if place in fold(where) and _is_named(name, question.name)]
    return list(rows.filter(pk__in=keys[:MOST]).order_by("pk"))


def _mails(registrations: list[Registration], address: str) -> list[HeldMail]:
    why = {row.mail_id: "request" for row in registrations}
    if address:
        for pk in MailText.objects.filter(text__icontains=address).values_list("mail", flat=True)[:MOST]:
            why.setdefault(pk, "mentioned")
        why |= dict.fromkeys(Mail.objects.filter(sender=address).values_list("pk", flat=True)[:MOST], "sender")
    rows = Mail.objects.filter(pk__in=why).select_related("conversation").defer("verdict", "trace").order_by("pk")
    return [HeldMail(mail, why[mail.pk]) for mail in rows]


def _accounts(question: Question) -> list[Account]:
    if question.municipality:  # accounts know no place
        return []
    rows = Account.objects.filter(folded__contains=fold(question.name.split()[0]))[: MOST * 4]
    return [row for row in rows if _is_named(row.full_name, question.name)]


def _clerks(question: Question) -> list[Clerk]:
    rows = Clerk.objects.filter(folded__contains=fold(question.name.split()[0]))[: MOST * 4]
    place = fold(question.municipality)
    return [row for row in rows if place in fold(row.municipality) and _is_named(row.name, question.name)]


def _is_named(name: str, wanted: str) -> bool:
    """Whether both are the same words, whatever their order, titles, accents and capitals."""
    return bool(name) and _words(name) == _words(wanted)


def _words(name: str) -> frozenset[str]:
    return frozenset(token.text for token in tokens(name) if token.text not in TITLES)
