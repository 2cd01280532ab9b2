"""Cases 22 to 25: machines, partners in a loop, the same mail again and again, old mails, clocks that jump."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from imaplib import Time2Internaldate

from imap_tools.imap_utf7 import utf7_encode

from config.environment import FOLDERS
from tests.faults.invariants import find_breaches
from tests.faults.world import World
from tests.servers.mails import Writer, absence, bounce, missing_pir
from tests.servers.smtp_sink import Accepted

ROUNDS = 6
BUDGET = 3  # letters to one sender within a week
Answer = Callable[[Writer, Accepted, int], bytes]


def test_case_22_machines_get_no_answer(world: World) -> None:
    """Automatic mails of our own writing; those that strangers wrote: tests/integration/test_foreign_mails.py."""
    world.deliver([shape(Writer(number)) for number in range(20) for shape in (absence, bounce)])
    world.start()
    world.wait_until_quiet()
    world.kill()
    assert not world.sink.accepted
    world.check()


def echo(writer: Writer, letter: Accepted, turn: int) -> bytes:
    """A robot without any sign of one: our own words back, each time under a new Message-ID."""
    return writer.mail("Regisztráció az oktatási portálra", f"Megkaptuk! {turn}\n\n{text_of(letter)}")


def ourselves(writer: Writer, letter: Accepted, turn: int) -> bytes:
    """A second instance of this product at another address."""
    return writer.mail("Re: hiányzó adatok", f"{turn}\n{text_of(letter)}", Auto_Submitted="auto-replied",
                       X_Auto_Response_Suppress="All", In_Reply_To=letter.message_id)  # fmt: skip


def ticket(writer: Writer, letter: Accepted, turn: int) -> bytes:
    """A ticket system that makes the subject grow."""
    subject = "Ticket Received - " * turn + "Regisztrációs kérelem az oktatási portálra"
    return writer.mail(subject, "Kérését megkaptuk, kérem a regisztrációt az oktatási portálra.\n")


def bounced(writer: Writer, letter: Accepted, turn: int) -> bytes:
    """A bounce of every letter."""
    return bounce(writer).replace(b"valaki@pelda.hu", letter.recipients[0].encode())


def forwarded(writer: Writer, letter: Accepted, turn: int) -> bytes:
    """A rule that forwards our letters back to us as they are."""
    return letter.data


def own_address(writer: Writer, letter: Accepted, turn: int) -> bytes:
    """Somebody who writes under our own address."""
    return writer.mail("Regisztráció", f"Kérem a regisztrációt! {turn}\n", From="aspoktatas@allamkincstar.gov.hu")


PARTNERS: tuple[Answer, ...] = (echo, ourselves, ticket, bounced, forwarded, own_address)


def text_of(letter: Accepted) -> str:
    parts = [part for part in message_from_bytes(letter.data).walk() if part.get_content_type() == "text/plain"]
    return b"".join(part.get_payload(decode=True) or b"" for part in parts).decode("utf-8", "replace")  # type: ignore[misc]


def test_case_23_partners_in_a_loop(world: World) -> None:
    """Six of them answer each of our letters, round after round: the letters end, staff see why."""
    writers = [Writer(3 * number) for number in range(len(PARTNERS))]
    world.start()
    world.deliver([missing_pir(writer) for writer in writers])
    world.wait_until_quiet()
    answered = 0
    for turn in range(1, ROUNDS + 1):
        letters = world.sink.accepted[answered:]
        answered = len(world.sink.accepted)
        for letter in letters:
            position = [writer.address for writer in writers].index(letter.recipients[0])
            writer = Writer(writers[position].number)
            writer.random.seed(f"{position} {turn} {letter.message_id}")
            world.deliver([PARTNERS[position](writer, letter, turn)])
        world.wait_until_quiet()
    world.kill()
    assert answered == len(world.sink.accepted), "nobody is answered any more"
    to = Counter(letter.recipients[0] for letter in world.sink.accepted)
    assert set(to) == {writer.address for writer in writers}
    assert max(to.values()) <= BUDGET
    assert to[writers[1].address] == to[writers[3].address] == 1, "machines that say so are answered once, as people"
    assert not find_breaches(world.truth, world.maildir, world.sink.accepted, world.product.query)


def test_case_24_the_same_mail_again(world: World) -> None:
    """Each lies in the ledger; the same text is answered once, another text under the same Message-ID is not lost."""
    writers = [Writer(number) for number in range(4)]
    first = missing_pir(writers[0])
    other_text = first.replace(writers[0].address.encode(), b"masik@mintafalu0.hu")
    nameless = [writers[number].mail("Kérdés", f"Kérdésem van. {number}", Message_ID="") for number in (1, 2)]
    same_second = [writers[3].mail("Kérdés", text) for text in ("Mikor lesz tanfolyam?", "Hol lesz tanfolyam?")]
    world.deliver([first, first, other_text, *nameless, nameless[0], *same_second])
    with world.client() as client:
        for folder in ("Archiv", "Masolat"):
            client.create(folder)
            client.copy("1", folder)
            world.truth.deliver(first)
    world.start()
    world.wait_until_quiet()
    world.kill()
    assert not find_breaches(world.truth, world.maildir, world.sink.accepted, world.product.query)
    assert world.product.count("worker_mail", "true") == 8
    assert world.product.count("worker_mail", "twin_of_id IS NOT NULL") == 2
    to = Counter(mail.recipients[0] for mail in world.sink.accepted)
    assert to == {writers[0].address: 1, "masik@mintafalu0.hu": 1}


def test_case_25_first_start_on_old_mails(world: World, is_long: bool) -> None:
    """Mails that lay there before the first start are recorded and not answered, whatever their Date says."""
    del world.product.variables["ASPOKTATAS_SINCE"]
    number = 5000 if is_long else 100
    now = datetime.now(timezone(timedelta(hours=1)))
    with world.client() as client:
        for position in range(number):
            raw = missing_pir(Writer(position)).replace(b"Date: Mon, 23 Nov 2026", b"Date: Mon, 23 Nov 2099")
            client.append("INBOX", "", Time2Internaldate(now - timedelta(days=1 + position % 400)), raw)
            world.truth.deliver(raw)
    world.start()
    world.product.wait_until(lambda: world.product.count("worker_mail", "state = 'filed'") == number, 600)
    assert not world.sink.accepted
    world.deliver([missing_pir(Writer(number + 1))])
    assert world.sink.wait_for(1), "what comes after the start is answered"
    world.product.wait_until(lambda: world.product.count("worker_mail", "state = 'filed'") == number + 1, 60)
    world.kill()
    assert len(world.sink.accepted) == 1
    assert not find_breaches(world.truth, world.maildir, world.sink.accepted, world.product.query)


def test_case_25_a_backup_restored_over_a_living_mailbox(world: World) -> None:
    """What was answered since the backup is not answered again, not even a mail that somebody moves back to INBOX."""
    backup = str(world.product.folder / "backup")
    world.deliver([missing_pir(Writer(number)) for number in range(4)])
    world.drain()
    assert world.product.command("backup", backup).returncode == 0
    world.deliver([missing_pir(Writer(number)) for number in range(4, 8)])
    world.drain()
    accepted = len(world.sink.accepted)
    world.pass_time()
    done = world.product.command("restore", backup)
    assert done.returncode == 0, done.stderr
    with world.client() as client:
        client.select(f'"{utf7_encode(FOLDERS["MISSING"]).decode("ascii")}"')
        client.uid("MOVE", "1:*", "INBOX")
    world.start()
    world.product.wait_until(lambda: world.product.count("worker_reply", "state = 'uncertain'") == 4, 60)
    world.wait_until_polled()
    world.kill()
    assert len(world.sink.accepted) == accepted == 8
    breaches = find_breaches(world.truth, world.maildir, world.sink.accepted, world.product.query)
    assert not breaches, "\n".join([*breaches, world.product.logs()])
