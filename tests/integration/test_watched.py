"""A whole run as those see it who watch: its log, its traces, its error reports. Each mail in them, nobody's words."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Post
from tests.integration.expectations import settled
from tests.servers.ledgers import ready_product
from tests.servers.mails import OWN, Writer, make_mails
from tests.servers.product import Product
from tests.servers.receivers import Receiver, receiver, words_of

__all__ = ["receiver"]
NUMBER = 16
WORD = re.compile(r"[^\W\d_]{5,}")
MACHINES = {"Undelivered", "Returned", "Sender"}


def words_of_mails(raws: list[bytes], post: Post) -> set[str]:
    """What no watcher may read: everybody's data, the words of subjects, of bodies, of our letters, addresses."""
    people = [Writer(number) for number in range(NUMBER)]
    personal = {word for one in people for word in (one.name, one.family, one.address, one.domain, one.pir, one.place)}
    words = {"mintafalu", "kovacs", "jegyzo@", "Tisztelt", "Regisztráci", "kincstar.example", OWN}
    for raw in [*raws, *(mail.data for mail in post.sink.accepted)]:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        body = message.get_body(("plain", "html"))
        assert body is not None
        words |= {word for word in WORD.findall(body.get_content()) if not word.isascii()}
        words |= {*WORD.findall(str(message["subject"])), str(message["message-id"]).strip("<>")} - MACHINES
    recipients = {address for mail in post.sink.accepted for address in mail.recipients}
    assert recipients
    assert len(words) > 100
    return personal | words | recipients


def fail_on_one(made: Product) -> tuple[int, str]:
    """Let the ledger lose a mail's bytes and put it back in line, a real error: its number, and what is said."""
    with sqlite3.connect(made.variables["ASPOKTATAS_DATABASE_URL"].removeprefix("sqlite:///")) as ledger:
        (mail,) = ledger.execute("SELECT min(id) FROM worker_mail").fetchone()
        values = "state = 'stored', attempts = 2, next_attempt_at = '2020-01-01', lease_token = NULL"
        ledger.execute("UPDATE worker_original SET data = ? WHERE mail_id = ?", (Writer(0).name.encode(), mail))
        ledger.execute(f"UPDATE worker_mail SET {values} WHERE id = ?", (mail,))
    ledger.close()
    done = made.command("poll", "--once")
    assert f"mail {mail}: failed" in done.stderr
    return int(mail), done.stdout + done.stderr


def stories(log: str, style: str) -> dict[int, list[str]]:
    """What the log says of each mail, found as docs/watching.md tells."""
    found: dict[int, list[str]] = defaultdict(list)
    for line in log.splitlines():
        if style == "json" and line.startswith("{"):
            one: dict[str, Any] = json.loads(line)
            found[one.get("mail", 0)].append(one["event"])
        elif style == "text" and "mail " in line:
            found[int(line.rpartition("mail ")[2].split("]")[0].split(":")[0])].append(line)
    return found


@pytest.mark.parametrize("style", ["text", "json"])
def test_each_mail_is_followed_and_nobody_is_named(tmp_path: Path, post: Post, receiver: Receiver, style: str) -> None:
    raws = make_mails(NUMBER)
    outside = {"SENTRY_DSN": receiver.dsn, "OTLP_ENDPOINT": receiver.endpoint} if style == "json" else {}
    with ready_product(tmp_path, LOG=style, **post.variables(), **outside) as made:
        made.start("run")
        post.deliver(raws)
        made.wait_until(lambda: settled(made, NUMBER), 60)
        mails = {key for (key,) in made.query("SELECT id FROM worker_mail")}
        answered = Counter(key for (key,) in made.query("SELECT mail_id FROM worker_reply"))
        assert made.stop() == {"run": 0}
        spilt, said = fail_on_one(made) if outside else (0, "")
    log = (tmp_path / "run.log").read_text("utf-8")
    told = stories(log, style)
    assert len(answered) >= 5
    for mail in mails:
        assert len(told[mail]) == 3 + answered[mail], told[mail]  # taken in, decided, moved; and each letter
    if outside:
        assert len([line for line in log.splitlines() if not line.startswith("{")]) <= 2  # to the terminal
        check_traces(receiver, answered, mails)
        (event,) = receiver.events()
        assert (event["exception"]["values"][-1]["module"], event["tags"]["mail"]) == ("zlib", str(spilt))
    for seen in (log, said, receiver.everything):
        for word in words_of_mails(raws, post):
            assert word not in seen


def check_traces(receiver: Receiver, answered: Counter[int], mails: set[int]) -> None:
    """One for each mail, with all steps that it took."""
    steps = Counter((words_of(span)["aspoktatas.mail"], span.name) for span in receiver.spans())
    for mail in mails:
        assert {"poll", "decide", "record", "file"} <= {name for key, name in steps if key == mail}
        assert steps[mail, "deliver"] == answered[mail]
    assert len({span.trace_id for span in receiver.spans()}) == len(mails) == NUMBER
