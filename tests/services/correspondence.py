"""Correspondence with the worker without servers: mails are stored and decided as `poll` and `process` would.

Intake and rules are the product's own. People and numbers are made up (PIRs of the block that no body ever had).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage

from django.db.models.functions import Now

from registry.models import Registration
from worker.mail.fetching import Batch, Fetched
from worker.models import Folder, Mail, Reply
from worker.services.decide import decide_group
from worker.services.replying import Voice
from worker.services.store import store_batch
from worker.services.thinking import Thinking, load_thinking

OWN = "aspoktatas@allamkincstar.gov.hu"
ANNA = "Kovács Anna <kovacs.anna@tiszacsege.hu>"
CLERK = "dr. Minta Béla jegyző <jegyzo@tiszacsege.hu>"
STRANGER = "Idegen Ödön <idegen.odon@gmail.com>"
VOICE = Voice(address=OWN, own_addresses=frozenset({OWN}), mode="on", secret="not-a-secret-only-for-tests")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
WHOLE = {
    "Név": "Kovács Anna",
    "Önkormányzat": "Tiszacsege Város Önkormányzata",
    "PIR": "740746",
    "Vármegye": "Hajdú-Bihar",
    "E-mail": "kovacs.anna@tiszacsege.hu",
    "Szakrendszer": "ADÓ",
}
_numbers = itertools.count(1)


def request(**changes: str | None) -> str:
    """A whole request of Anna's; `changes` by label (`PIR=None` leaves it out)."""
    values = {**WHOLE, **changes}
    lines = [f"{label.replace('_', '-')}: {value}" for label, value in values.items() if value]
    return "Tisztelt Kincstár!\n\nKérem a regisztrációt az oktatási portálra.\n" + "\n".join(lines) + "\n"


def write(
    text: str,
    *,
    sender: str = ANNA,
    cc: str = CLERK,
    subject: str = "Regisztráció",
    answers: str = "",
    **headers: str,
) -> bytes:
    """The bytes of a mail to the mailbox; `answers` is the Message-ID of what it replies to."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, OWN, subject
    if cc:
        mail["Cc"] = cc
    mail["Date"] = "Mon, 23 Nov 2026 09:14:00 +0100"
    mail["Message-ID"] = f"<c{next(_numbers)}@tiszacsege.hu>"
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return bytes(mail)


@dataclass
class Correspondence:
    """The worker's end of it; `thinking` may be another than the product's."""

    thinking: Thinking = field(default_factory=load_thinking)
    voice: Voice = VOICE
    uidvalidity: int = 1

    def store(self, *raws: bytes) -> list[Mail]:
        """Mails that arrived and are not decided yet."""
        folder, _ = Folder.objects.get_or_create(mailbox="test", name="INBOX", defaults={"uidvalidity": 1})
        folder.uidvalidity = self.uidvalidity
        known = set(Mail.objects.values_list("pk", flat=True))
        mails = tuple(Fetched(next(_numbers), len(raw), LONG_AGO, raw) for raw in raws)
        store_batch(folder, Batch(mails, frozenset(), frozenset()), LONG_AGO)
        return list(Mail.objects.exclude(pk__in=known).order_by("pk"))

    def decide(self) -> None:
        """Until nothing is due."""
        while decide_group(self.thinking, self.voice):
            pass

    def receive(self, *raws: bytes) -> list[Mail]:
        """Mails that arrived together, decided; the letters to them have gone out."""
        mails = self.store(*raws)
        self.decide()
        Reply.objects.filter(state="queued").update(state="sent", sent_at=Now(), data_started_at=Now())
        return [Mail.objects.get(pk=mail.pk) for mail in mails]

    def receive_one(self, raw: bytes) -> Mail:
        """The only mail of its kind."""
        [mail] = self.receive(raw)
        return mail

    def interrupted(self, interrupt: Callable[[], object]) -> Correspondence:
        """The same, where once, in the middle of the thinking, something else happens."""
        waiting = [interrupt]
        whole = self.thinking

        def parse(raw: bytes) -> object:
            message = whole.parse(raw)
            while waiting:
                waiting.pop()()
            return message

        return Correspondence(replace(whole, parse=parse), self.voice)  # type: ignore[arg-type]


def letter_to(mail: Mail) -> Reply:
    """The worker's own letter that answers `mail`."""
    return Reply.objects.get(mail=mail, author__isnull=True)


def only_request() -> Registration:
    """The only request of the ledger that was not withdrawn."""
    return Registration.objects.exclude(status="withdrawn").get()
