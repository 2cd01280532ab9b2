"""No machine on the other side keeps us talking: each loop ends within its budget, and staff see why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models.functions import Now

from registry.models import Registration
from registry.services.change import Target
from registry.services.reject import reject
from registry.services.stop_replies import resume_replies
from registry.services.write_reply import StaffLetter, write_reply
from review.labels import load_labels
from review.tabs import BY_SLUG
from review.waiting import get_mails, get_replies
from rules.model import Kind
from tests.integration import machines
from tests.integration.conversation import Letter
from tests.integration.machines import REQUESTER, Machine
from tests.servers.dovecot import Dovecot, dovecot, mailbox_user
from tests.servers.ledgers import ready_product
from tests.servers.smtp_sink import Accepted, Sink, run_sink, sink
from worker.mail.server import parse_server
from worker.models import Control, Event, Mail, Reply
from worker.services.controls import replies_stopped
from worker.services.desk import Desk
from worker.services.leases import later
from worker.services.notify import Scribe

__all__ = ["dovecot", "mailbox_user", "sink"]
ROUNDS = 15
OTHER = "aspoktatas@masik.example"  # a second installation of the product
Answer = Callable[[Accepted, str], list[bytes]]


@dataclass
class Office:
    """The product at its mailbox, and how many mails were brought there."""

    desk: Desk
    dovecot: Dovecot
    user: str
    sink: Sink
    brought: int = 0

    def bring(self, *raws: bytes) -> list[Accepted]:
        """These mails arrive and all that follows happens; returns our new letters."""
        before = len(self.sink.accepted)
        self.dovecot.deliver(self.user, *raws)
        self.brought += len(raws)
        self.desk.poll()
        self.desk.process()
        self.desk.file()
        return self.sink.accepted[before:]

    def loop(self, first: bytes, answer: Answer) -> list[Accepted]:
        """`first` arrives, and every receiver of every letter of ours lets `answer` write; all our letters."""
        new = self.bring(first)
        for _ in range(ROUNDS):
            answers = [raw for letter in new for to in letter.recipients for raw in answer(letter, to)]
            if not answers:
                return self.sink.accepted
            new = self.bring(*answers)
        raise AssertionError(f"{len(self.sink.accepted)} letters, and no end")

    def check_nothing_is_lost(self) -> None:
        """Every mail is in the ledger and in a folder; what a person may mean is on staff's list or in its case."""
        assert Mail.objects.filter(state="filed").count() == Mail.objects.count() == self.brought
        client = self.dovecot.client(self.user)
        assert client.select("INBOX") == ("OK", [b"0"])
        client.logout()
        mails = Mail.objects.exclude(kind=Kind.AUTOMATIC).filter(replies=None, registrations=None)
        settled = mails.exclude(outcomes=["review"])
        assert set(mails) - set(settled) <= set(get_mails("manual"))
        assert not settled.exclude(conversation__mails__registrations__status__in=["ready", "review"]).exists()


@pytest.fixture
def make_office(
    dovecot: Dovecot, mailbox_user: str, sink: Sink, transactional_db: None
) -> Iterator[Callable[..., Office]]:
    """Makes the office, with changes of its configuration."""
    made: list[Office] = []

    def make(**changes: object) -> Office:
        plain = replace(
            settings.ASPOKTATAS,
            imap=parse_server(dovecot.url(mailbox_user), "imap"),
            smtp=parse_server(sink.url(), "smtp"),
            replies="on",
            since=datetime(2000, 1, 1, tzinfo=UTC),
        )
        made.append(Office(Desk(replace(plain, **changes)), dovecot, mailbox_user, sink))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for office in made:
        office.desk.close()


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    """The office as it is."""
    return make_office()


def answered_by(machine: Machine) -> Answer:
    """`machine` reads our letters."""
    return lambda letter, to: machine(Letter.from_accepted(letter, ""), to)


def last_word() -> str:
    """Why the newest mail got no letter, as staff read it: a word that has its sentence in the page's words."""
    event = Event.objects.filter(verb="decided").latest("pk")
    assert event.mail is not None
    labels = load_labels()
    if event.details["kind"] == Kind.AUTOMATIC:
        assert event.details["reason"] in labels["rule_hit"]
        return f"automatic: {event.details['reason']}"
    assert get_mails("manual").filter(pk=event.mail.pk).exists()
    if event.details["withheld"]:
        assert event.details["withheld"] in labels["withheld"]
        return str(event.details["withheld"])
    assert event.details["reason"] in labels["reason"]
    return str(event.details["reason"])


# The machine, how many letters of ours it gets in all, and what staff read at the mail that ended it.
MACHINES: list[tuple[Machine, int, str]] = [
    (machines.receipt, 1, "automatic: ticket"),
    (machines.bare_receipt, 1, "automatic: ticket"),
    (machines.own_data, 2, "budget_thread"),
    (machines.own_request, 2, "budget_thread"),
    (machines.open_form, 1, "automatic: ticket"),
    (machines.bare_form, 1, "adds_nothing"),
    (machines.english, 1, "nothing_asked"),
    (machines.forgotten_password, 2, "budget_same_answer"),
    (machines.ticket_system, 1, "adds_nothing"),
    (machines.wandering_ticket_system, 1, "stranger"),
    (machines.forgetful_ticket_system, 1 + 10, "budget_same_letter"),
]


@pytest.mark.parametrize(("machine", "letters", "why"), MACHINES, ids=[one[0].__name__ for one in MACHINES])
def test_a_machine_that_answers_everything(machine: Machine, letters: int, why: str, office: Office) -> None:
    assert len(office.loop(machines.request(), answered_by(machine))) == letters
    assert last_word() == why
    office.check_nothing_is_lost()


def test_a_machine_that_tries_every_way_in_turn(office: Office) -> None:
    """At most three letters a week to one address, whatever it writes."""
    every = [machine for machine, _, _ in MACHINES[:9]]

    def answer(letter: Accepted, to: str) -> list[bytes]:
        return [raw for machine in every for raw in answered_by(machine)(letter, to)]

    letters = office.loop(machines.request(), answer)
    assert len(letters) == 3
    assert {letter.recipients for letter in letters} == {(REQUESTER,)}
    office.check_nothing_is_lost()


FORWARDERS = [
    (machines.redirect, "automatic: own_mail"),
    (machines.disguise, "automatic: own_mail"),
    (machines.rewrite, "adds_nothing"),
    (machines.attach, "adds_nothing"),
]


@pytest.mark.parametrize(("forward", "why"), FORWARDERS, ids=[one[0].__name__ for one in FORWARDERS])
def test_a_rule_that_sends_our_letters_back(forward: Callable[[bytes, str], bytes], why: str, office: Office) -> None:
    assert len(office.loop(machines.request(), lambda letter, to: [forward(letter.data, to)])) == 1
    assert last_word() == why
    office.check_nothing_is_lost()


@pytest.mark.parametrize(
    ("machine", "number"),
    [(machines.own_data, 2), (machines.english, 1), (machines.own_request, 2 + 3)],
    ids=["in the thread", "in English", "each with requests of its own"],
)
def test_the_writer_and_the_jegyzo_both_let_machines_answer(machine: Machine, number: int, office: Office) -> None:
    """One thread, two letters, whoever answers in it; a jegyző who begins threads of his own gets three."""
    clerk = "jegyzo@mintafalu4.hu"
    letters = office.loop(machines.request(Cc=clerk), answered_by(machine))
    assert len(letters) == number
    assert {to for letter in letters for to in letter.recipients} == {REQUESTER, clerk}
    office.check_nothing_is_lost()


def test_two_partners_who_answer_each_other_with_us_in_copy(office: Office) -> None:
    """They go on whether we answer or not: 24 mails of one thread, and two letters."""
    partners = (REQUESTER, "jegyzo@mintafalu4.hu")
    letters = office.bring(machines.request(Cc=partners[1]))
    for number in range(24):
        newest = Letter.from_accepted(office.sink.accepted[-1], "")
        [raw] = machines.own_data(newest, partners[number % 2])
        letters += office.bring(raw.replace(b"To: ", f"Cc: {partners[1 - number % 2]}\r\nTo: ".encode(), 1))
    assert len(letters) == 2
    assert last_word() == "budget_thread"
    office.check_nothing_is_lost()


@pytest.mark.parametrize(
    "machine", [machines.own_data, machines.english, machines.open_form, machines.ticket_system, machines.bare_form]
)
def test_a_machine_that_answers_notices_and_staff(machine: Machine, office: Office) -> None:
    """What staff bring about or write is answered by a machine: no letter follows, and staff have its mail."""
    office.bring(machines.request())
    clerk, scribe = get_user_model().objects.create_user("ugyintezo"), Scribe(office.desk.environment)
    row = Registration.objects.select_related("mail").get()
    message = office.desk.thinking.parse(row.mail.raw)
    letter = StaffLetter((REQUESTER,), (), "Kérdés", "Kérjük, írja meg, melyik szervezeti egységben dolgozik.")
    write_reply(row.mail, clerk, message, letter, office.desk.environment.address, known=0)
    reject(Target(row.pk, row.version), clerk, "Nem dolgozó.", scribe=scribe)
    Reply.objects.filter(kind="rejected").update(next_attempt_at=Now())
    office.desk.process()
    _, by_hand, notice = office.sink.accepted
    assert [office.bring(*answered_by(machine)(one, REQUESTER)) for one in (by_hand, notice)] == [[], []]
    office.check_nothing_is_lost()


@pytest.mark.parametrize("stripped", [False, True], ids=["with its headers", "its marks taken off on the way"])
def test_a_second_installation_of_this_product(stripped: bool, office: Office, tmp_path: Path) -> None:
    """It runs as its operators run it, with a ledger and a mailbox of its own; each gets what the other sends."""
    user = f"{office.user}-masik"
    strip = machines.without_marks if stripped else bytes
    with (
        run_sink() as sent,
        ready_product(
            tmp_path, ADDRESS=OTHER, IMAP_URL=office.dovecot.url(user), SMTP_URL=sent.url(), SENT_FOLDER="off"
        ) as other,
    ):
        new, seen = office.bring(machines.request(OTHER)), 0
        for _ in range(ROUNDS):
            office.dovecot.deliver(user, *(strip(letter.data) for letter in new))
            done = other.command("poll", "--once")
            assert done.returncode == 0, done.stderr
            theirs, seen = sent.accepted[seen:], len(sent.accepted)
            if not theirs:
                break
            new = office.bring(*(strip(letter.data) for letter in theirs))
        assert other.query("SELECT DISTINCT kind, state FROM worker_mail") == [("automatic", "filed")]
    assert (len(office.sink.accepted), len(sent.accepted)) == (1, 0)
    office.check_nothing_is_lost()


def test_a_storm_of_requests_from_one_domain(office: Office) -> None:
    """70 people of one administration: 60 are answered within the hour, ten wait for staff, nobody is lost."""
    letters = office.bring(*(machines.request(f"dolgozo{one}@megye.hu", f"Őri {name(one)}") for one in range(70)))
    assert len(letters) == 60
    assert last_word() == "budget_domain"
    assert Counter(Mail.objects.values_list("registrations__status", flat=True)) == {"incomplete": 70}
    assert get_mails("manual").count() == 10
    assert not replies_stopped()
    office.check_nothing_is_lost()


def test_a_storm_from_everywhere_opens_the_breaker(make_office: Callable[..., Office]) -> None:
    """Of 40 letters 25 go out, then nothing; the other 15 wait until staff resume, and go out once each."""
    office = make_office(replies_per_hour=25)
    requests = [machines.request(f"dolgozo@falu{one}.hu", f"Őri {name(one)}") for one in range(40)]
    assert len(office.bring(*requests)) == 25
    assert replies_stopped()
    assert Control.objects.get(name="replies_stopped").value["reason"] in load_labels()["stopped"]
    assert Event.objects.filter(verb="replies_stopped").count() == 1
    assert Reply.objects.filter(state="queued").count() == 15
    assert office.bring(*(machines.bounce(letter, letter.recipients[0], 0) for letter in office.sink.accepted)) == []
    resume_replies(get_user_model().objects.create_user("ugyintezo"))
    Reply.objects.filter(state="sent").update(data_started_at=later(-3700))
    assert len(office.bring()) == 15
    assert len({letter.recipients for letter in office.sink.accepted}) == 40
    office.check_nothing_is_lost()


def test_a_storm_of_bounces(office: Office) -> None:
    """40 letters come back in four manners, with 40 bounces of what somebody forged in our name: none is answered."""
    office.bring(*(machines.request(f"dolgozo@falu{one}.hu", f"Őri {name(one)}") for one in range(40)))
    letters = list(office.sink.accepted)
    assert len(letters) == 40
    ours = [machines.bounce(letter, letter.recipients[0], one) for one, letter in enumerate(letters)]
    foreign = [
        raw.replace(letter.message_id.encode(), b"<nem.a.mienk@falu.hu>")
        for raw, letter in zip(ours, letters, strict=True)
    ]
    assert office.bring(*ours, *(machines.renamed(raw) for raw in foreign)) == []
    assert Counter(Mail.objects.values_list("kind", flat=True)) == {"registration": 40, "automatic": 80}
    assert Counter(Event.objects.filter(reply__isnull=False).values_list("verb", flat=True))["bounced"] == 40
    assert get_replies(BY_SLUG["uncertain"]).count() == 40, "staff see each letter that came back"
    office.check_nothing_is_lost()


def name(number: int) -> str:
    """A given name for this number, no two alike."""
    return ("Anna", "Béla", "Csaba", "Dóra", "Emma")[number % 5] + " " + "abcdefghijklmnop"[number // 5].upper() + "ara"
