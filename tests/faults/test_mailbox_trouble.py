"""Cases 16 to 20: the folder is renumbered, colleagues are at work in it, the IMAP server lies, hangs and throttles."""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.colleague import Colleague
from tests.faults.conftest import ONE
from tests.faults.invariants import find_breaches
from tests.faults.world import World
from tests.servers.dovecot import run_dovecot, short_folder
from tests.servers.ledgers import ready_product
from tests.servers.mails import SHAPES, Writer, make_mails
from tests.servers.product import Product
from tests.servers.proxy import Deed
from tests.servers.scripted_imap import ScriptedImap, run_scripted_imap
from tests.servers.smtp_sink import Sink
from worker.mail.stream import TIMEOUT_S

WITHOUT_MOVE = "IMAP4rev1 LITERAL+ IDLE UIDPLUS NAMESPACE CHILDREN"
RAW = b"From: Minta Anna <minta.anna@mintafalu.hu>\r\nSubject: Kerdes\r\nMessage-ID: <%d@mintafalu.hu>\r\n\r\nhi\r\n"
DATE = b'INTERNALDATE "23-Nov-2026 01:25:03 +0000"'


@pytest.fixture
def world_without_move(world: World) -> Iterator[World]:
    """Its mails stay in INBOX; the server's uidlist is the test's to change."""
    with short_folder() as home, run_dovecot(home, capability=WITHOUT_MOVE) as server:
        world.dovecot = server
        world.product.variables["ASPOKTATAS_IMAP_URL"] = server.url(world.user)
        yield world


def test_case_16_uidvalidity_changes(world_without_move: World, is_long: bool) -> None:
    """Everything is read again and linked, nothing is answered again, replies wait until staff have looked."""
    world = world_without_move
    number = 1000 if is_long else 60
    raws = make_mails(number)
    world.deliver(raws)
    world.start()
    world.wait_until_quiet(600)
    world.kill()
    accepted = len(world.sink.accepted)
    renumber(world.maildir)
    world.deliver([SHAPES[1](Writer(number + 1))])
    world.start()
    world.product.wait_until(lambda: world.product.count("worker_mail", "state = 'filed'") == 2 * number + 1, 300)
    world.kill()
    assert world.product.count("worker_mail", "twin_of_id IS NOT NULL") == number
    assert world.product.count("worker_folder", "held = 'uidvalidity'") == 1
    assert world.product.count("worker_event", "verb = 'uidvalidity_changed'") == 1
    assert len(world.sink.accepted) == accepted, "not even the new one, until staff confirm"
    assert world.product.count("worker_reply", "state = 'queued'") == 1


def renumber(maildir: Path) -> None:
    """Dovecot forgets which UIDs it gave: it gives new ones under a new UIDVALIDITY."""
    uidlist = maildir / "dovecot-uidlist"
    header = uidlist.read_text("ascii").splitlines()[0]
    changed = re.sub(r"V(\d+)", lambda match: f"V{int(match[1]) + 1}", re.sub(r"N\d+", "N1", header))
    owner = uidlist.stat()
    uidlist.write_text(changed + "\n", "ascii")
    shutil.chown(uidlist, owner.st_uid, owner.st_gid)
    for index in maildir.glob("dovecot.index*"):
        index.unlink()


def test_case_17_colleagues_do_anything_meanwhile(world: World, is_long: bool) -> None:
    """Theirs is theirs: what they flag, move and destroy is neither undone nor finished by us."""
    chance = random.Random(17)
    with world.client() as client:
        colleague = Colleague(client, world.truth, chance)
        world.start()
        for number in range(300 if is_long else 40):
            colleague.deliver(SHAPES[number % len(SHAPES)](Writer(number)), [r"\Deleted"] if number % 9 == 0 else [])
            colleague.act()
    world.wait_until_polled()
    world.kill()
    breaches = find_breaches(world.truth, world.maildir, world.sink.accepted, world.product.query)
    assert not breaches, "\n".join([*breaches, str(colleague.deeds), world.product.logs()])


def lie(uid: int, body: bytes) -> bytes:
    """What the server answers when this mail is asked for."""
    size = len(body)
    honest = b"* %d FETCH (UID %d %b RFC822.SIZE %d BODY[] {%d}\r\n%b)\r\n" % (uid, uid, DATE, size, size, body)
    return {
        1: b"* 9 FETCH (FLAGS (\\Seen))\r\n* 9 EXPUNGE\r\n" + honest + b"* 12 EXISTS\r\n",
        2: b"* 2 FETCH (UID 2 BODY[] NIL)\r\n",
        3: b"* 3 FETCH (UID 3 BODY[] {0}\r\n)\r\n",
        4: honest.replace(b"UID 4 ", b""),
        5: b"* 5 FETCH (UID 5 BODY[] {2}\r\nno)\r\n" + b"* 99 FETCH (UID 99 BODY[] {2}\r\nno)\r\n" + honest,
        6: b"",
    }.get(uid, honest)


class Liar:
    """A folder of eight mails; of some the server lies. MOVE works."""

    def __init__(self) -> None:
        self.uids = list(range(1, 9))

    def search(self, command: bytes) -> bytes:
        asked = re.search(rb"UID (\d+)(:\*)?", command.removeprefix(b"UID SEARCH"))
        found = self.uids
        if asked:
            found = [uid for uid in found if uid == int(asked[1]) or (asked[2] and uid >= int(asked[1]))]
        return b"* SEARCH %b\r\n" % b" ".join(b"%d" % uid for uid in found)

    def fetch(self, command: bytes) -> bytes:
        uids = asked_for(command)
        if b"BODY" in command:
            return b"".join(lie(uid, RAW % uid) for uid in uids)
        size = len(RAW % 1)
        return b"".join(b"* %d FETCH (UID %d %b RFC822.SIZE %d)\r\n" % (uid, uid, DATE, size) for uid in uids)

    def move(self, command: bytes) -> bytes:
        moved = asked_for(command)
        self.uids = [uid for uid in self.uids if uid not in moved]
        listed = b",".join(b"%d" % uid for uid in moved)
        return b"* OK [COPYUID 8 %b %b] moved\r\n" % (listed, listed)


def asked_for(command: bytes) -> list[int]:
    """The UIDs that a command names."""
    words = command.split()[2].decode("ascii").split(",")
    ranges = [word.partition(":") for word in words]
    return [uid for first, _, last in ranges for uid in range(int(first), int(last or first) + 1)]


@pytest.fixture
def scripted(tmp_path: Path, sink: Sink) -> Iterator[tuple[ScriptedImap, Liar, Product]]:
    """A product at a server that says what the test wants."""
    liar = Liar()
    with ExitStack() as stack:
        answers = {b"UID SEARCH": liar.search, b"UID FETCH": liar.fetch, b"UID MOVE": liar.move}
        script = stack.enter_context(run_scripted_imap(answers))  # type: ignore[arg-type]
        url = f"imap://asp:x@127.0.0.1:{script.port}/INBOX"
        yield script, liar, stack.enter_context(ready_product(tmp_path, IMAP_URL=url, SMTP_URL=sink.url()))


def test_case_18_answers_nobody_asked_for_and_lies(scripted: tuple[ScriptedImap, Liar, Product]) -> None:
    """No phantom row, no mail doubled; what the server does not give is in quarantine with its reason."""
    _, liar, made = scripted
    done = made.command("poll", "--once")
    assert done.returncode == 0, done.stderr
    rows = dict(made.query("SELECT uid, failure FROM worker_mail"))
    assert rows == {uid: "no_body" if uid in (2, 3, 4, 6) else "" for uid in range(1, 9)}
    kept = dict(made.query("SELECT uid, message_id FROM worker_mail WHERE failure = ''"))
    assert kept == {uid: f"<{uid}@mintafalu.hu>" for uid in (1, 5, 7, 8)}
    assert not liar.uids, "all are filed"


@pytest.mark.parametrize("configuration", [ONE])
def test_case_19_broken_and_half_open_connections(world: World, is_long: bool) -> None:
    """Every wait ends, every break leads to a new connection, and no half a mail is stored."""
    stalls = (b"EXAMINE", b"BODY.PEEK[]", b"IDLE", b"UID MOVE", b"LOGOUT") if is_long else (b"BODY.PEEK[]",)
    breaks = [(words, deed) for words in (b"BODY[]", b"EXAMINE") for deed in (Deed.HALF, Deed.CUT, Deed.GARBAGE)]
    breaks = breaks if is_long else breaks[:1] + breaks[4:5]
    world.start()
    for number, (words, deed) in enumerate([*breaks, *((words, Deed.STALL) for words in stalls)]):
        world.imap.order(words, deed)
        if words == b"EXAMINE":
            world.imap.cut()
        world.deliver([SHAPES[number % len(SHAPES)](Writer(number))])
        world.wait_until_quiet(4 * TIMEOUT_S)
    world.kill()
    world.check()


@pytest.mark.parametrize("configuration", [ONE])
def test_case_19_tls_cut_in_a_mail(world: World, is_long: bool) -> None:
    """The connection ends in the middle of mails under TLS."""
    certificate = world.dovecot.home / "cert.pem"
    world.imap.target = world.dovecot.tls_port
    world.product.variables["SSL_CERT_FILE"] = str(certificate)
    url = world.product.variables["ASPOKTATAS_IMAP_URL"]
    world.product.variables["ASPOKTATAS_IMAP_URL"] = url.replace("imap://", "imaps://")
    chance = random.Random(19)
    world.start()
    for number in range(20 if is_long else 3):
        raw = SHAPES[number % len(SHAPES)](Writer(number))
        if number % 2 == 0:
            world.imap.order(b"\x17\x03\x03", Deed.HALF)  # a record of TLS: the next one, whichever it is
        world.deliver([raw])
        time.sleep(chance.random() / 2)  # the moment is the case
        world.imap.cut()
    world.imap.orders.clear()  # each that is left would cut another log-in, and the watcher waits longer after each
    world.wait_until_quiet()
    world.kill()
    world.check()


def test_case_20_throttled(scripted: tuple[ScriptedImap, Liar, Product]) -> None:
    """The server's own number is obeyed, no login storm makes it worse, and no mail is lost."""
    script, liar, made = scripted
    honest, waits = script.answers[b"UID FETCH"], 6.0
    refusal = b"TAG NO Request is throttled. Suggested Backoff Time: %d milliseconds\r\n" % int(1000 * waits)
    script.answers[b"UID FETCH"] = refusal
    made.start("run")
    made.wait_until(lambda: any(command.startswith(b"UID FETCH") for command in script.commands), 60)
    started = time.monotonic()
    script.answers[b"UID FETCH"] = honest
    logins = sum(command.startswith(b"LOGIN") for command in script.commands)
    made.wait_until(lambda: made.count("worker_mail", "true") == 8, 60)
    assert time.monotonic() - started > waits - 0.5
    assert sum(command.startswith(b"LOGIN") for command in script.commands) <= logins + 2, "watcher and filing"
    made.wait_until(lambda: not liar.uids, 60)
