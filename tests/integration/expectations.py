"""What must become of a set of mails, from the rules alone; and whether it did, seen from outside."""

from __future__ import annotations

import imaplib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from imap_tools.imap_utf7 import utf7_encode

from config.environment import FOLDERS
from rules.chain import decide
from rules.model import Context, Verdict
from tests.servers.mails import OWN
from tests.servers.product import Product
from tests.servers.smtp_sink import Sink
from worker.mail.identity import identify
from worker.models import Mail
from worker.services.file import folder_key
from worker.services.thinking import load_thinking

TO_SEND = "state NOT IN ('sent', 'uncertain')"


@dataclass(frozen=True)
class Expected:
    """By Message-ID: the folder a mail ends in, whether it is answered, and its people's statuses."""

    folders: dict[str, str]
    answered: frozenset[str]
    people: Counter[tuple[str, str]]


def expect(raws: Sequence[bytes]) -> Expected:
    """Ask the rules about each mail by itself."""
    verdicts = {identify(raw).message_id: judge(raw) for raw in raws}
    return Expected(
        folders={one: folder_of(verdict) for one, verdict in verdicts.items()},
        answered=frozenset(one for one, verdict in verdicts.items() if verdict.reply is not None),
        people=Counter((one, person.status.value) for one, verdict in verdicts.items() for person in verdict.people),
    )


def judge(raw: bytes) -> Verdict:
    """The verdict, without any machine around it."""
    thinking = load_thinking()
    return decide(thinking.parse(raw), thinking.catalogue, Context(own_addresses=frozenset({OWN})))


def folder_of(verdict: Verdict) -> str:
    """The operators' name of the folder that a mail with this verdict belongs into."""
    return FOLDERS[folder_key(Mail(state="decided", outcomes=[outcome.value for outcome in verdict.outcomes]))]


def settled(product: Product, number: int) -> bool:
    """Whether so many mails are filed and no reply is on its way."""
    return product.count("worker_mail", "state = 'filed'") == number and not product.count("worker_reply", TO_SEND)


def check_outcome(product: Product, expected: Expected, sink: Sink, client: imaplib.IMAP4) -> None:
    """Every mail is in its folder, every reply and registration is there, none of them twice, INBOX is empty."""
    assert client.select("INBOX") == ("OK", [b"0"])
    ledger = dict(product.query("SELECT message_id, filed_to FROM worker_mail"))
    assert ledger == expected.folders
    assert messages_by_folder(client) == Counter(expected.folders.values())
    answers = Counter(mail.in_reply_to for mail in sink.accepted)
    uncertain = {row[0] for row in product.query(UNCERTAIN)}
    assert set(answers) | uncertain == set(expected.answered)
    assert set(answers.values()) == {1}, "no reply twice"
    assert Counter(product.query(PEOPLE)) == expected.people


UNCERTAIN = "SELECT m.message_id FROM worker_reply r JOIN worker_mail m ON m.id = r.mail_id WHERE r.state = 'uncertain'"
PEOPLE = "SELECT m.message_id, r.status FROM registry_registration r JOIN worker_mail m ON m.id = r.mail_id"


def messages_by_folder(client: imaplib.IMAP4) -> Counter[str]:
    """How many mails each of the product's folders holds, on the server."""
    counts: Counter[str] = Counter()
    for folder in FOLDERS.values():
        kind, data = client.select(f'"{utf7_encode(folder).decode("ascii")}"', readonly=True)
        if kind == "OK" and data[0] and int(data[0]):
            counts[folder] = int(data[0])
    return counts
