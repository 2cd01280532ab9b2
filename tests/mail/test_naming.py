"""More mails than a command line holds, moved by one command all the same; and only those."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.scripted_imap import Answer, run_scripted_imap
from worker.mail import naming
from worker.mail.answers import parse_uid_set
from worker.mail.imap import Mailbox
from worker.mail.naming import LONGEST_SET

APART = frozenset(range(1_000_001, 1_010_001, 2))  # 40 KB of UIDs


@given(st.sets(st.integers(min_value=1, max_value=10_000_000)))
def test_pieces_are_the_whole_and_fit(uids: set[int]) -> None:
    found = naming.pieces({uid * 2 for uid in uids})
    assert all(len(one) <= LONGEST_SET for one in found)
    assert set().union(*(parse_uid_set(one.encode()) for one in found)) == {uid * 2 for uid in uids}


def test_pieces_of_many() -> None:
    found = naming.pieces(APART)
    assert len(found) == 6
    assert set().union(*(parse_uid_set(one.encode()) for one in found)) == APART


REMEMBERED = {
    "what it was told to": (b"1000001,1000003", "$"),
    "another mail": (b"999,1000001", ""),
    "a mail in between": (b"1000001:1000003", ""),
    "no UIDs": (b"*", ""),
}


@pytest.mark.parametrize("case", REMEMBERED)
def test_what_the_server_says_it_remembers_is_what_is_moved(case: str) -> None:
    said, named = REMEMBERED[case]
    answers: dict[bytes, Answer] = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 MOVE UIDPLUS ESEARCH SEARCHRES\r\n",
        b"UID SEARCH": lambda command: b"* ESEARCH UID ALL " + said + b"\r\n" if b"SAVE" in command else b"",
        b"UID MOVE": b"* OK [COPYUID 7 1000001 1] Done\r\n",
    }
    with run_scripted_imap(answers) as script, Mailbox(script.server) as mailbox:
        mailbox.select("INBOX")
        assert mailbox.move(APART, "Ide").moved == {1_000_001}
        [move] = [one for one in script.commands if one.startswith(b"UID MOVE")]
    assert move.split()[2].decode() == (named or naming.pieces(APART)[0])


@pytest.mark.parametrize("refusal", [b"TAG BAD Unknown argument\r\n", b"TAG NO [NOTSAVED] too many\r\n"])
def test_a_server_that_refuses_to_remember_is_asked_for_fewer(refusal: bytes) -> None:
    first, second = naming.pieces(APART)[:2]
    answers: dict[bytes, Answer] = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1 MOVE ESEARCH SEARCHRES\r\n",
        b"UID SEARCH": lambda command: refusal if b"SAVE" in command else b"* SEARCH\r\n",
        b"UID MOVE": b"",
    }
    with run_scripted_imap(answers) as script, Mailbox(script.server) as mailbox:
        mailbox.select("INBOX")
        mailbox.move(APART, "Ide")
        rest = sorted(APART - parse_uid_set(first.encode()))
        mailbox.move(rest[: mailbox.count_to_move(rest)], "Ide")
        moves = [one.split()[2] for one in script.commands if one.startswith(b"UID MOVE")]
        assert sum(b"SAVE" in one for one in script.commands) == 1, "it is not asked a second time"
    assert moves[0] == first.encode()
    assert second.encode().startswith(moves[1])
