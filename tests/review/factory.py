"""Rows of the ledger with made-up people, for tests and screenshots.

Mails are real bytes, parsed by the product's own intake; verdicts are made of `rules.model` values and kept in the
ledger's shape, with the evidence sought in the parsed text. PIRs are of the block that no body ever had.
"""

from __future__ import annotations

import hashlib
import itertools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from django.contrib.auth.models import User

from registry.models import Registration
from rules.model import (
    Address,
    Evidence,
    Field,
    Finding,
    Jegyzo,
    JegyzoStatus,
    Kind,
    Message,
    Note,
    Origin,
    Outcome,
    Person,
    Problem,
    Status,
    Verdict,
)
from staff.models import Member
from staff.roles import Role
from worker.intake.parse import parse_message
from worker.models import Event, Mail, MailState, Original, Reply, ReplyState
from worker.replies.compose import compose_text
from worker.services.search_text import keep_texts
from worker.services.verdicts import dump_verdict

OWN = "aspoktatas@allamkincstar.gov.hu"
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
ADO, IRAT, KATI = "PM-2777-2105-BS", "PM-2770-2105-BS", "PM-2759-2103-BS"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Applicant:
    """What one person's request shall be read as."""

    full_name: str = "Kovács Anna"
    municipality: str = "Tiszacsege"
    pir: str = "740746"
    county: str = "Hajdú-Bihar"
    email: str = "kovacs.anna@tiszacsege.hu"
    modules: tuple[str, ...] = (ADO,)
    status: Status = Status.READY
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    suggestions: dict[str, str] = field(default_factory=dict)


def make_user(
    username: str = "ugyintezo",
    password: str = "jelszo-12345",
    name: str = "Minta Márta",
    role: Role | None = Role.ADMINISTRATOR,
) -> User:
    """A member of staff."""
    last, _, first = name.partition(" ")
    user = User.objects.create_user(username, password=password, last_name=last, first_name=first)
    if role is not None:
        Member.objects.create(user=user, role=role)
    return user


def make_raw(
    text: str,
    *,
    subject: str = "Regisztráció",
    sender: str = "Kovács Anna <kovacs.anna@tiszacsege.hu>",
    cc: str = "Minta Béla jegyző <jegyzo@tiszacsege.hu>",
    html: str = "",
    files: Sequence[tuple[str, str, bytes]] = (),
) -> bytes:
    """The bytes of a mail to the mailbox; `files` are (name, type, content)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, OWN, subject
    if cc:
        mail["Cc"] = cc
    mail["Date"] = "Fri, 20 Nov 2026 09:14:00 +0100"
    mail["Message-ID"] = f"<m{next(_numbers)}@tiszacsege.hu>"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, content_type, content in files:
        main, _, sub = content_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return bytes(mail)


def make_mail(
    raw: bytes,
    *,
    kind: str = "registration",
    state: str = MailState.DECIDED,
    outcomes: Sequence[str] = ("route",),
    verdict: Verdict | None = None,
    received_at: datetime | None = None,
    **fields: Any,
) -> Mail:
    """A mail of the ledger with its original."""
    number = next(_numbers)
    message = parse_message(raw)
    is_decided = state in (MailState.DECIDED, MailState.FILED)
    mail = Mail.objects.create(
        mailbox="aspoktatas@localhost",
        folder="INBOX",
        uidvalidity=1,
        uid=number,
        message_id=message.message_id,
        digest=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        received_at=received_at or NOW - timedelta(hours=number % 90 + 1),
        state=state,
        subject=message.subject[:500],
        sender=message.from_[0].address if message.from_ else "",
        kind=kind if is_decided else "",
        outcomes=list(outcomes) if is_decided else [],
        verdict=dump_verdict(verdict) if verdict else None,
        decided_at=NOW if is_decided else None,
        **fields,
    )
    Original.objects.create(mail=mail, data=zlib.compress(raw))
    if is_decided:
        keep_texts([(mail.pk, message)])
    return mail


def make_registration(
    applicant: Applicant | None = None,
    *,
    raw: bytes | None = None,
    status: str = "",
    jegyzo: JegyzoStatus = JegyzoStatus.STATED,
    received_at: datetime | None = None,
) -> Registration:
    """A mail with one request in it, decided as `applicant` says."""
    one = applicant or Applicant()
    return make_registrations([one], raw=raw, status=status, jegyzo=jegyzo, received_at=received_at)[0]


def make_registrations(
    applicants: Sequence[Applicant],
    *,
    raw: bytes | None = None,
    status: str = "",
    jegyzo: JegyzoStatus = JegyzoStatus.STATED,
    received_at: datetime | None = None,
) -> list[Registration]:
    """A mail with a request for each applicant."""
    raw = raw or make_raw(request_text(applicants[0]))
    message = parse_message(raw)
    copied = message.cc[0] if message.cc else Address("", "")
    verdict = Verdict(
        kind=Kind.REGISTRATION,
        outcomes=frozenset({Outcome.ROUTE}),
        reason="registration",
        jegyzo=Jegyzo(jegyzo, copied.address, copied.name),
        people=tuple(_person(one, message) for one in applicants),
        findings=tuple(_findings(applicants, message)),
        rules_version="próba",
    )
    mail = make_mail(raw, verdict=verdict, received_at=received_at)
    rows = [
        Registration.objects.create(
            mail=mail,
            position=position,
            status=status or one.status,
            full_name=one.full_name,
            municipality=one.municipality,
            pir=one.pir,
            county=one.county,
            email=one.email,
            modules=" ".join(one.modules),
            jegyzo_status=jegyzo,
            jegyzo_address=copied.address if jegyzo != JegyzoStatus.ABSENT else "",
            problems=list(one.problems),
            notes=list(one.notes),
            suggestions=one.suggestions,
            reject_reason="próba" if status == "rejected" else "",
            created_at=mail.received_at,
        )
        for position, one in enumerate(applicants)
    ]
    Event.objects.create(verb="decided", mail=mail, details={"kind": "registration", "reason": "registration"})
    return rows


def make_reply(mail: Mail, text: str = "Tisztelt Kérelmező!\n\nKérjük, pótolja.", **fields: Any) -> Reply:
    """A reply to `mail`, a draft unless `fields` say otherwise."""
    message = parse_message(mail.raw)
    composed = compose_text(
        message,
        to=message.from_,
        cc=message.cc,
        subject=f"Re: {message.subject}",
        text=text,
        own_address=OWN,
        message_id=f"<aspo.{next(_numbers):08d}@allamkincstar.gov.hu>",
        token="ABCDEFGHIJ",
    )
    values: dict[str, Any] = {
        "kind": "missing",
        "state": ReplyState.DRAFT,
        "message_id": composed.message_id,
        "envelope_from": OWN,
        "recipients": [*composed.to, *composed.cc],
        "subject": composed.subject,
        "text": composed.text,
        "data": composed.data,
    }
    return Reply.objects.create(mail=mail, **(values | fields))


def request_text(one: Applicant) -> str:
    """A request as a clerk writes it."""
    return (
        "Tisztelt ASP Oktatás!\n\n"
        "Kérem, hogy új kolléganőnket regisztrálni szíveskedjenek az oktatási portálra.\n\n"
        f"Név: {one.full_name}\n"
        f"Önkormányzat: {one.municipality} Önkormányzata\n"
        f"PIR szám: {one.pir}\n"
        f"Megye: {one.county}\n"
        f"E-mail: {one.email}\n"
        "Szakrendszer: adó, irat\n\n"
        "Üdvözlettel:\nKovács Anna\npénzügyi ügyintéző\n"
    )


def _person(one: Applicant, message: Message) -> Person:
    return Person(
        full_name=_field(one.full_name, message),
        municipality=_field(one.municipality, message),
        pir=_field(one.pir, message),
        county=_field(one.county, message, Origin.SHARED),
        email=_field(one.email, message),
        modules=tuple(Field(module, _seen("adó", message)) for module in one.modules),
        status=one.status,
        problems=one.problems,
        notes=one.notes,
        suggestions=one.suggestions,
    )


def _field(value: str, message: Message, origin: Origin = Origin.OWN) -> Field[str] | None:
    return Field(value, _seen(value, message), origin) if value else None


def _seen(text: str, message: Message) -> tuple[Evidence, ...]:
    for index, part in enumerate(message.parts):
        at = part.text.find(text)
        if at >= 0:
            line = part.text[part.text.rfind("\n", 0, at) + 1 :].partition("\n")[0]
            return (Evidence(index, at, at + len(text), line, part.source),)
    return ()


def _findings(applicants: Sequence[Applicant], message: Message) -> list[Finding]:
    found = [Finding("own_mail", False), Finding("auto_submitted", False)]
    for position, one in enumerate(applicants):
        found.append(Finding("pir", bool(one.pir), person=position, evidence=_seen(one.pir, message)))
        for problem in one.problems:
            found.append(Finding(str(problem), True, str(problem), position, details={"given": one.pir}))
    return found
