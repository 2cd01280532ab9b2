"""The letters that no verdict plans: what they say, and to whom they may not go."""

from __future__ import annotations

import pytest

from rules.model import Address, Jegyzo, JegyzoStatus, Problem
from tests.replies.samples import (
    CATALOGUE,
    CLERK,
    NOON,
    OWN_ADDRESS,
    WRITER,
    message_of,
    person_of,
    verdict_of,
)
from worker.replies.compose import ComposedReply, compose_reply
from worker.replies.notices import Notice, compose_notice

OWNER = Address("", "anni@posta.example")


def notice(kind: Notice, *indices: int, to: Address = WRITER, **changes: object) -> ComposedReply:
    people = [person_of((), index) for index in indices or (0,)]
    receivers = changes.pop("receivers", (to,))
    arguments = {"to": receivers, "own_address": OWN_ADDRESS, "date": NOON, "people": people, **changes}
    return compose_notice(kind, message_of(), catalogue=CATALOGUE, **arguments)  # type: ignore[arg-type]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", [Notice.REGISTERED, Notice.REJECTED, Notice.CLOSED])
def test_everybody_concerned_is_named(kind: Notice) -> None:
    reply = notice(kind, 0, 1, 2)
    for name in ("Kovácsné Nagy Éva", "Szabó Béla", "Tóth Anna"):
        assert name in flat(reply.text)
        assert name in flat(reply.html)


def test_the_registered_learn_that_the_identifiers_come_apart() -> None:
    reply = notice(Notice.REGISTERED)
    assert "azonosítók (felhasználónév és jelszó) külön levélben érkeznek" in flat(reply.text)
    assert "Irat - Iktató; ADÓ" in reply.text


def test_staffs_reason_is_given_in_their_words() -> None:
    reply = notice(Notice.REJECTED, reason="Az óvoda nem tagja az <ASP-nek>.\r\n\r\nLásd: https://x.example/y\x00")
    assert "Az óvoda nem tagja az <ASP-nek>." in reply.text
    assert "Lásd: https://x.example/y\n" in reply.text
    assert "&lt;ASP-nek&gt;" in reply.html


def test_a_reminder_asks_for_what_is_missing_only() -> None:
    people = [person_of((Problem.PIR_MISSING, Problem.JEGYZO_NOT_IN_CC))]
    assert "a jegyző: nem szerepel" in notice(Notice.REMINDER, people=people).text
    known = Jegyzo(JegyzoStatus.STATED, CLERK.address)
    text = notice(Notice.REMINDER, people=people, jegyzo=known).text
    assert "jegyző" not in text
    assert "PIR szám (hatjegyű" in text
    with pytest.raises(ValueError, match="nothing is missing"):
        notice(Notice.REMINDER)


def test_an_owner_who_did_not_write_gets_neither_subject_nor_thread_of_the_mail() -> None:
    reply = notice(Notice.ACCOUNT_EXISTS, 2, to=OWNER)
    assert reply.to == (OWNER.address,)
    assert "Mintafalu" not in reply.subject
    assert "Tisztelt Tóth Anna!" in reply.text
    assert "Az Ön részére regisztrációt kértek" in reply.text
    assert b"In-Reply-To" not in reply.data
    assert b"References" not in reply.data
    assert "Köszönjük levelét" in notice(Notice.ACCOUNT_EXISTS).text


@pytest.mark.parametrize(
    "changes",
    [{"cc": (CLERK,)}, {"receivers": (WRITER, CLERK)}, {"people": [person_of(), person_of((), 1)]}, {"people": []}],
    ids=["copy", "two receivers", "two people", "nobody"],
)
def test_an_account_is_told_of_to_nobody_but_its_owner(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"owner alone|about somebody"):
        notice(Notice.ACCOUNT_EXISTS, **changes)  # type: ignore[arg-type]


def test_each_letter_has_its_own_message_id() -> None:
    ids = {notice(kind).message_id for kind in Notice if kind is not Notice.REMINDER}
    ids.add(notice(Notice.ACCOUNT_EXISTS, 2, to=OWNER).message_id)
    assert len(ids) == len(Notice)


def test_the_last_letter_says_that_a_person_reads_the_answer() -> None:
    verdict = verdict_of(person_of((Problem.PIR_MISSING,)))
    first, last = (
        compose_reply(message_of(), verdict, CATALOGUE, own_address=OWN_ADDRESS, last=last) for last in (False, True)
    )
    assert "munkatársunk dolgozza fel" not in flat(first.text)
    assert "munkatársunk dolgozza fel" in flat(last.text)
    assert "munkatársunk dolgozza fel" in flat(last.html)
