"""What follows from the findings: statuses, outcomes, the reply's plan (policy.md §6 to §8)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.catalogue import load_catalogue
from rules.chain import AUTOMATIC, GUARDS, PERSON_CHECKS, WISHES, decide
from rules.model import Address, Attachment, Context, Kind, Message, Note, Outcome, Problem, ReplyKind, Status, Verdict
from tests.rules.letters import OWN, VERA, letter

JEGYZO = Address("Jegyző", "jegyzo@tab.hu")
WHOLE = """Kérem a regisztrációmat.
Név: Minta Vera
Önkormányzat: Tab Város Önkormányzata
PIR: 740009
E-mail: minta.vera@tab.hu
Szakrendszer: ADÓ"""
SECOND = """

Név: Kis Pál
E-mail: kis.pal@tab.hu
Szakrendszer: Keret"""


def verdict(message: Message, context: Context = Context()) -> Verdict:  # noqa: B008
    return decide(message, load_catalogue(), context)


def test_a_whole_request_is_routed() -> None:
    found = verdict(letter(WHOLE, cc=(JEGYZO,)))
    assert found.outcomes == {Outcome.ROUTE}
    assert found.reply is None
    assert found.people[0].status is Status.READY
    assert found.people[0].notes == (Note.COUNTY_INFERRED,)


def test_what_is_missing_is_asked_for_with_the_jegyzo_in_copy() -> None:
    found = verdict(letter(WHOLE.replace("PIR: 740009\n", ""), cc=(JEGYZO, Address("", "kis.pal@tab.hu"))))
    assert found.outcomes == {Outcome.REPLY_MISSING}
    assert found.people[0].problems == (Problem.PIR_MISSING,)
    assert found.reply
    assert (found.reply.kind, found.reply.to, found.reply.cc) == (ReplyKind.MISSING, (VERA,), (JEGYZO,))


def test_the_answer_goes_where_the_sender_wants_it() -> None:
    elsewhere = Address("", "vera@gmail.com")
    found = verdict(letter("Elfelejtettem a jelszavam.", "jelszó", reply_to=(elsewhere,)))
    assert found.reply
    assert (found.reply.kind, found.reply.to, found.reply.cc) == (ReplyKind.PASSWORD, (elsewhere,), ())


def test_strangers_get_no_copy() -> None:
    found = verdict(letter(WHOLE.replace("PIR: 740009\n", ""), cc=(Address("", "kis.pal@tab.hu"),)))
    assert found.people[0].problems == (Problem.PIR_MISSING, Problem.JEGYZO_UNCLEAR)
    assert found.reply
    assert found.reply.cc == ()


def test_an_unclear_jegyzo_alone_is_for_staff() -> None:
    found = verdict(letter(WHOLE, cc=(Address("", "kis.pal@tab.hu"),)))
    assert found.outcomes == {Outcome.REVIEW}
    assert found.people[0].status is Status.REVIEW
    assert found.people[0].problems == (Problem.JEGYZO_UNCLEAR,)


def test_several_people_go_their_own_ways() -> None:
    text = WHOLE + SECOND.replace("E-mail: kis.pal@tab.hu\n", "")
    found = verdict(letter(text, cc=(JEGYZO,)))
    assert [person.status for person in found.people] == [Status.READY, Status.INCOMPLETE]
    assert found.outcomes == {Outcome.ROUTE, Outcome.REPLY_MISSING}


def test_an_unclear_jegyzo_beside_somebody_incomplete() -> None:
    text = WHOLE + SECOND.replace("E-mail: kis.pal@tab.hu\n", "")
    found = verdict(letter(text, cc=(Address("", "nagy.eva@tab.hu"),)))
    assert [person.status for person in found.people] == [Status.REVIEW, Status.INCOMPLETE]
    assert found.outcomes == {Outcome.REVIEW, Outcome.REPLY_MISSING}
    assert Problem.JEGYZO_UNCLEAR in found.people[1].problems


def test_an_unknown_place_is_for_staff() -> None:
    text = WHOLE.replace("Tab Város", "Harmatosd Község") + "\nMegye: Zala"
    found = verdict(letter(text, cc=(JEGYZO,)))
    assert found.people[0].status is Status.REVIEW
    assert Note.MUNICIPALITY_UNKNOWN in found.people[0].notes


def test_data_in_a_scan_are_for_staff() -> None:
    mail = letter("Mellékelten küldöm a kitöltött adatlapot.", "regisztráció", cc=(JEGYZO,))
    scan = Attachment("adatlap.pdf", "application/pdf", 4096, readable=False, reason="scan")
    found = verdict(with_attachments(mail, scan))
    assert found.kind is Kind.REGISTRATION
    assert found.outcomes == {Outcome.REVIEW}
    assert found.people[0].notes == (Note.DATA_ONLY_IN_UNREADABLE_ATTACHMENT,)
    assert found.people[0].problems == ()


def test_a_scan_beside_whole_data_changes_nothing() -> None:
    scan = Attachment("adatlap.pdf", "application/pdf", 4096, readable=False, reason="scan")
    found = verdict(with_attachments(letter(WHOLE + "\nMellékelem az adatlapot.", cc=(JEGYZO,)), scan))
    assert found.outcomes == {Outcome.ROUTE}


def test_a_logo_is_no_scan() -> None:
    logo = Attachment("image001.png", "image/png", 900, readable=None)
    found = verdict(with_attachments(letter("Kérem a regisztrációmat.", cc=(JEGYZO,)), logo))
    assert found.outcomes == {Outcome.REPLY_MISSING}


def test_a_register_overrules_the_check_digit() -> None:
    text = WHOLE.replace("740009", "740001")
    assert verdict(letter(text, cc=(JEGYZO,))).people[0].problems == (Problem.PIR_INVALID,)
    known = Context(registered_pirs={"740001": "Tab"})
    assert verdict(letter(text, cc=(JEGYZO,)), known).people[0].status is Status.READY


def test_a_known_clerk_confirms() -> None:
    clerk = Address("", "kis.pal@tab.hu")
    known = Context(clerks={"Tab": frozenset({"kis.pal@tab.hu"})})
    found = verdict(letter(WHOLE, cc=(clerk,)), known)
    assert found.jegyzo
    assert found.jegyzo.status.value == "confirmed"
    assert found.outcomes == {Outcome.ROUTE}


@pytest.mark.parametrize("text", [WHOLE, WHOLE + SECOND, "Elfelejtettem a jelszavam.", "Köszönöm!", ""])
def test_all_is_kept_and_the_same_each_time(text: str) -> None:
    first, second = verdict(letter(text, cc=(JEGYZO,))), verdict(letter(text, cc=(JEGYZO,)))
    assert first == second
    asked = len(AUTOMATIC) + len(WISHES) + len(GUARDS) + len(first.people) * len(PERSON_CHECKS)
    assert len(first.findings) == asked
    assert first.rules_version.endswith(load_catalogue().version)


def test_evidence_quotes_what_the_part_holds() -> None:
    mail = letter(WHOLE + SECOND, cc=(JEGYZO,))
    for person in verdict(mail).people:
        for field in (person.full_name, person.municipality, person.pir, person.email, *person.modules):
            assert field
            for seen in field.evidence:
                assert seen.excerpt
                assert seen.part < 0 or seen.excerpt in mail.parts[seen.part].text[seen.start : seen.end]


def with_attachments(message: Message, *attachments: Attachment) -> Message:
    return replace(message, attachments=attachments)


def test_our_own_mailbox_is_no_stranger() -> None:
    found = verdict(letter(WHOLE, to=(OWN, OWN), cc=(OWN,)))
    assert found.jegyzo
    assert found.jegyzo.status.value == "absent"
