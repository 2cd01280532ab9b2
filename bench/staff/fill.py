"""A ledger with as many requests as are wanted, as it looks after years of work, written set-wise."""

from __future__ import annotations

import logging
import random
import zlib
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.timezone import now

from bench.staff.people import Crowd, Somebody
from bench.staff.places import FOLDER, MAILBOX, OTHERS, UIDVALIDITY, mails_of
from config.catalogue import load_catalogue
from registry.models import Account, Handling, Registration
from rules.chain import decide
from staff.models import Member
from worker.figures import DayFigures
from worker.intake.parse import parse_message
from worker.models import Control, Conversation, Event, Mail, MailText, Original, Reply
from worker.services.open_day import keep_open_day
from worker.services.roll_up import roll_up
from worker.services.search_text import CAUGHT_UP
from worker.services.verdicts import dump_verdict

BATCH = 1000
DAYS = 60  # the overview shows thirty beside the thirty before
OWN = "aspoktatas@allamkincstar.gov.hu"
# status → share; "year": what piles up over years, "rush": a call went out, and most of it waits
SHAPES = {
    "year": {"ready": 3, "incomplete": 4, "review": 1, "approved": 2, "exported": 40, "registered": 38, "rejected": 6,
             "withdrawn": 3, "expired": 3},
    "rush": {"ready": 60, "incomplete": 20, "review": 5, "approved": 5, "exported": 10},
}  # fmt: skip
CLOSED = frozenset({"exported", "registered", "rejected", "withdrawn", "expired"})


def fill(first: int, after: int, shape: str, seed: int = 7) -> None:
    """Requests `first` to `after` - 1 with their mails, letters, events and accounts: each range always the same.

    The mails of all ranges lie in one folder, UIDs from 1 on without a gap where the ranges begin at full hundreds.
    Several processes may fill a range each.
    """
    logging.disable()  # a line for every decision of staff otherwise
    chance, crowd = random.Random(f"{seed} {first}"), Crowd(f"{seed} {first}")
    users = _users()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")
    statuses, shares = zip(*SHAPES[shape].items(), strict=True)
    kinds, parts = zip(*OTHERS.items(), strict=True)
    for begun in range(first, after, BATCH):
        size = min(BATCH, after - begun)
        uid = mails_of(begun) + 1
        with transaction.atomic():
            people = [crowd.somebody() for _ in range(size)]
            chosen = chance.choices(statuses, shares, k=size)
            mails = _mails(crowd, people, uid, "registration", chance)
            _requests(people, mails, chosen, chance, users)
            uid += size
            rest = [crowd.somebody() for _ in range(size * sum(parts) // 100)]
            drawn = chance.choices(kinds, parts, k=len(rest))
            for kind in kinds:
                some = [one for one, its in zip(rest, drawn, strict=True) if its == kind]
                _others(_mails(crowd, some, uid, kind, chance), kind, users)
                uid += len(some)


def settle(days: int = DAYS) -> None:
    """What the sweep and autovacuum do some time later: the last `days` and today counted for the overview, statistics
    made, and the mails looked through whose texts were not kept when they came (there are none).
    """
    DayFigures.objects.all().delete()  # a copy of a smaller ledger has that one's
    roll_up(most=days)
    while keep_open_day():
        pass
    Control.objects.update_or_create(name=CAUGHT_UP, defaults={"value": {"done": True}})
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")


def _users() -> list[User]:
    users = []
    for name in ("Minta Márta", "Próba Péter", "Teszt Tamás", "Példa Piroska"):
        last, first = name.split()
        user, _ = User.objects.get_or_create(username=first.lower(), last_name=last, first_name=first)
        Member.objects.get_or_create(user=user, role="administrator")
        users.append(user)
    return users


_verdicts: list[dict[str, Any]] = []


def _verdict(raw: bytes) -> dict[str, Any]:
    """That of the first mail stands for all: what counts here is its size."""
    if not _verdicts:
        _verdicts.append(dump_verdict(decide(parse_message(raw), load_catalogue())))
    return _verdicts[0]


def _mails(crowd: Crowd, people: list[Somebody], uid: int, kind: str, chance: random.Random) -> list[Mail]:
    moment = now()
    talks = Conversation.objects.bulk_create([Conversation() for _ in people])
    mails, raws, texts = [], [], []
    for place, (one, talk) in enumerate(zip(people, talks, strict=True)):
        number = uid + place
        text = crowd.letter(one, number)
        subject = f"{'Regisztráció' if kind == 'registration' else 'Kérdés'} – {one.place}"
        raw = (
            f"From: {one.email}\r\nTo: {OWN}\r\nCc: jegyzo@{one.email.partition('@')[2]}\r\nSubject: Regisztracio\r\n"
            f"Message-ID: <{kind}.{number}@bench.invalid>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
        ).encode()
        came = moment - timedelta(minutes=chance.randrange(3, 2 * 365 * 24 * 60))
        fails = kind == "automatic" and chance.random() < 0.005
        outcomes = {"other": ["review"], "password": ["reply_password"], "automatic": ["ignore"]}.get(kind, ["route"])
        decided = {"kind": kind, "outcomes": outcomes, "verdict": _verdict(raw), "decided_at": came}
        filed = {"state": "filed", "filed_at": came, "filed_as": "moved", "filed_to": "Regisztráció"}
        mails.append(
            Mail(
                mailbox=MAILBOX, folder=FOLDER, uidvalidity=UIDVALIDITY, uid=number,
                message_id=f"<{kind}.{number}@bench.invalid>", digest=sha256(raw).hexdigest(), size=len(raw),
                received_at=came, stored_at=came, subject=subject, sender=one.email, conversation=talk,
                linked_by="opened", attended=kind == "other" and chance.random() < 0.98,
                **({"state": "failed", "failure": "ValueError"} if fails else decided | filed),
            )
        )  # fmt: skip
        raws.append(zlib.compress(raw, 1))
        texts.append(f"{subject}\n{one.email}\n{text}")
    Mail.objects.bulk_create(mails)
    Original.objects.bulk_create([Original(mail=mail, data=raw) for mail, raw in zip(mails, raws, strict=True)])
    MailText.objects.bulk_create([MailText(mail=mail, text=text) for mail, text in zip(mails, texts, strict=True)])
    Event.objects.bulk_create(
        [Event(verb="decided", mail=mail, at=mail.received_at, details={"withheld": ""}) for mail in mails]
    )
    return mails


def _requests(
    people: list[Somebody], mails: list[Mail], statuses: list[str], chance: random.Random, users: list[User]
) -> None:
    rows = []
    for one, mail, status in zip(people, mails, statuses, strict=True):
        lacks = status in {"incomplete", "review"}
        person: dict[str, Any] = next(iter((mail.verdict or {}).get("people", [])), {})
        rows.append(
            Registration(
                mail=mail, position=0, status=status, full_name=one.name, municipality=one.place,
                pir="" if lacks else one.pir, county=one.county, email=one.email, modules=one.modules,
                problems=["pir_missing"] if lacks else [], notes=["county_inferred"] if chance.random() < 0.1 else [],
                evidence=person, reject_reason="próba" if status == "rejected" else "",
                assignee=chance.choice(users) if status not in CLOSED and chance.random() < 0.2 else None,
                snoozed_until=now() + timedelta(days=2) if status not in CLOSED and chance.random() < 0.02 else None,
                created_at=mail.received_at, updated_at=mail.received_at,
            )
        )  # fmt: skip
    Registration.objects.bulk_create(rows)
    closed = [row for row in rows if row.status in CLOSED]
    Event.objects.bulk_create(
        [Event(verb="approved", actor=users[0], mail_id=row.mail_id, registration=row, at=row.created_at,
               details={"version": 2}) for row in closed]
    )  # fmt: skip
    known = {row.email: row for row in closed if row.status == "registered"}
    Account.objects.bulk_create(
        [Account(email=email, username=email, full_name=row.full_name) for email, row in known.items()],
        ignore_conflicts=True,
    )
    _letters([mails[place] for place, row in enumerate(rows) if row.status == "incomplete" or chance.random() < 0.4])


def _letters(mails: list[Mail]) -> None:
    text = "Tisztelt Kérelmező!\n\n" + "Kérjük, pótolja a hiányzó adatokat a levélre válaszolva. " * 15
    data = (text * 3).encode()
    came = [mail.received_at for mail in mails]
    Reply.objects.bulk_create(
        [Reply(mail=mail, kind="missing", state="draft" if mail.pk % 40 == 0 else "sent", envelope_from=OWN,
               message_id=f"<aspo.{mail.pk}@bench.invalid>", recipients=[mail.sender], subject=f"Re: {mail.subject}",
               text=text, data=data, created_at=at, data_started_at=None if mail.pk % 40 == 0 else at,
               sent_at=None if mail.pk % 40 == 0 else at) for mail, at in zip(mails, came, strict=True)]
    )  # fmt: skip


def _others(mails: list[Mail], kind: str, users: list[User]) -> None:
    handled = [mail for mail in mails if mail.attended and mail.state == "filed"]
    Handling.objects.bulk_create([Handling(mail=mail, outcome="done", actor=users[0]) for mail in handled])
    if kind == "password":
        _letters(mails)
