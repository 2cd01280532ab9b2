"""A mailbox where everybody does anything in any order: no mail is lost, doubled, destroyed or answered twice."""

from __future__ import annotations

import imaplib
import random
from collections import Counter
from collections.abc import Callable

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import CUT, Sink
from tests.servers.standin import make_mail
from worker.mail.errors import MailError
from worker.models import Mail, Reply
from worker.services.desk import Desk

STEPS = 60
WORDS = ("hianyos", "teljes", "jelszo", "automata", "valami", "robban")


class Life:
    """One mailbox, its colleague and its worker; `appended` and `removed` are what the colleague did."""

    def __init__(self, desk: Desk, client: imaplib.IMAP4, sink: Sink, seed: int) -> None:
        self.desk, self.client, self.sink = desk, client, sink
        self.random = random.Random(seed)
        self.appended = self.removed = 0

    def step(self) -> None:
        """One random thing happens."""
        things = [self.append, self.append, self.twin, self.mark, self.take_away, self.remove, self.poll]
        things += [self.compare, self.process, self.process, self.file, self.break_off, self.trouble]
        self.random.choice(things)()

    def append(self) -> None:
        self.appended += 1
        self.client.append("INBOX", "", "", make_mail(self.random.choice(WORDS), self.appended))

    def twin(self) -> None:
        self.client.append("INBOX", "", "", make_mail("hianyos", "twin"))
        self.appended += 1

    def mark(self) -> None:
        if uid := self.any_uid():
            self.client.uid("STORE", uid, "+FLAGS", self.random.choice((r"(\Seen)", r"(\Deleted)", r"(\Flagged)")))

    def take_away(self) -> None:
        if uid := self.any_uid():
            self.client.uid("MOVE", uid, "Sajat")

    def remove(self) -> None:
        """The colleague expunges one mail, which only a colleague may."""
        if uid := self.any_uid():
            self.client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
            self.client.uid("EXPUNGE", uid)
            self.removed += 1

    def any_uid(self) -> str:
        self.client.select("INBOX")
        _, found = self.client.uid("SEARCH", "ALL")
        uids = found[0].split()
        return self.random.choice(uids).decode() if uids else ""

    def poll(self) -> None:
        self.desk.poll()

    def compare(self) -> None:
        self.desk.poll(full=True)

    def process(self) -> None:
        self.desk.process()

    def file(self) -> None:
        self.desk.file()

    def break_off(self) -> None:
        """The next IMAP command finds its connection gone."""
        mailbox = self.desk._mailbox
        if mailbox is not None:
            mailbox.close(polite=False)
            with pytest.raises(MailError):
                mailbox.noop()
            self.desk.hang_up()

    def trouble(self) -> None:
        stage = self.random.choice(("MAIL", "RCPT", "DATA", "DOT"))
        self.sink.order(stage, self.random.choice(("451 later", "421 closing", CUT)))

    def count_on_server(self) -> int:
        _, rows = self.client.list()
        names = [row.decode().rpartition(' "/" ')[2] for row in rows if isinstance(row, bytes)]
        return sum(int(self.client.select(name, readonly=True)[1][0] or 0) for name in names)


@pytest.mark.parametrize("seed", range(4))
def test_any_order(make_desk: Callable[..., Desk], dovecot: Dovecot, mailbox_user: str, sink: Sink, seed: int) -> None:
    client = dovecot.client(mailbox_user)
    client.create("Sajat")
    life = Life(make_desk(), client, sink, seed)
    for _ in range(STEPS):
        life.step()
    life.compare()
    life.process()
    life.file()
    assert life.count_on_server() == life.appended - life.removed, "we destroyed nothing"
    answered = Counter(mail.in_reply_to for mail in sink.accepted)
    assert set(answered.values()) <= {1}, "never twice"
    sent = Reply.objects.filter(state__in=["sent", "uncertain"]).values_list("mail__message_id", flat=True)
    assert set(answered) <= set(sent)
    client.select("INBOX")
    _, left = client.uid("SEARCH", "ALL")
    known = set(Mail.objects.values_list("uid", flat=True))
    assert {int(uid) for uid in left[0].split()} <= known, "what is in INBOX is in the ledger"
    client.logout()
