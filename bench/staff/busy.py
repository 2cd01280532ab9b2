"""A call went out: thousands of mails within the last hour, decided and answered, as the overview finds them.

Verdicts are those of the rules on the backlog of `bench.line.mails`; so many different ones are taken in turn.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from bench.line.mails import make_mail
from bench.staff.places import FOLDER, MAILBOX
from config.catalogue import load_catalogue
from registry.models import Registration
from rules.chain import decide
from rules.model import Verdict
from worker.intake.parse import parse_message
from worker.models import Event, Mail, Reply
from worker.services.judged_rows import request_row
from worker.services.verdicts import dump_verdict

SEED = 4711
DIFFERENT = 200
UIDVALIDITY = 2  # none of those that bench.staff.fill writes
BATCH = 1000
HOUR = timedelta(hours=1)


def fill_hour(number: int, since: timedelta = HOUR) -> None:
    """So many mails of the last hour, or of another time, with their requests, letters and events."""
    chance, moment = random.Random(SEED), now()
    first = Mail.objects.filter(uidvalidity=UIDVALIDITY).count()
    judged = [_judge(make_mail(one, SEED)) for one in range(min(number, DIFFERENT))]
    for begun in range(0, number, BATCH):
        chosen = [judged[one % len(judged)] for one in range(begun, min(begun + BATCH, number))]
        mails = [
            _mail(first + begun + place, *one, came=(moment - since * chance.random()).replace(microsecond=0))
            for place, one in enumerate(chosen)
        ]
        verdicts = [verdict for verdict, _ in chosen]
        with transaction.atomic():
            Mail.objects.bulk_create(mails)
            _happened("decided", "moved", about=mails)
            pairs = list(zip(mails, verdicts, strict=True))
            Registration.objects.bulk_create(row for mail, verdict in pairs for row in _requests(mail, verdict))
            answered = [_letter(mail, verdict, chance) for mail, verdict in pairs if verdict.reply]
            Reply.objects.bulk_create(answered)
            _happened("reply_written", "sent", about=[reply.mail for reply in answered])


def _happened(*verbs: str, about: list[Mail]) -> None:
    Event.objects.bulk_create(Event(verb=verb, mail=mail, at=mail.received_at) for verb in verbs for mail in about)


def _judge(raw: bytes) -> tuple[Verdict, dict[str, Any]]:
    verdict = decide(parse_message(raw), load_catalogue())
    return verdict, dump_verdict(verdict)


def _mail(number: int, verdict: Verdict, dump: dict[str, Any], *, came: Any) -> Mail:
    return Mail(
        mailbox=MAILBOX, folder=FOLDER, uidvalidity=UIDVALIDITY, uid=number + 1, message_id=f"<hour.{number}@bench>",
        digest=sha256(str(number).encode()).hexdigest(), size=1, received_at=came, stored_at=came,
        subject="Regisztráció", sender=f"hour.{number}@bench.invalid", state="filed", filed_at=came, filed_as="moved",
        decided_at=came, linked_by="opened", kind=verdict.kind.value, verdict=dump,
        outcomes=sorted(one.value for one in verdict.outcomes),
        problems=[problem for person in dump["people"] for problem in person["problems"]],
    )  # fmt: skip


def _requests(mail: Mail, verdict: Verdict) -> Iterator[Registration]:
    for place, person in enumerate(verdict.people):
        yield request_row(mail, place, person, verdict, {})


def _letter(mail: Mail, verdict: Verdict, chance: random.Random) -> Reply:
    assert verdict.reply is not None
    sent = mail.received_at + timedelta(seconds=chance.uniform(0.1, 300))
    return Reply(
        mail=mail, kind=verdict.reply.kind.value, state="sent", message_id=f"<aspo.{mail.message_id[1:]}",
        recipients=[mail.sender], subject="Re: Regisztráció", text="x", data=b"x", created_at=mail.received_at,
        data_started_at=sent, sent_at=sent,
    )  # fmt: skip
