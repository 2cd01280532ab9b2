"""The backlog is what the docs say: different people but for one in twenty, 2 to 41 KB, the same bytes in every run."""

from __future__ import annotations

from email import message_from_bytes
from email.utils import parseaddr

from bench.line.mails import SECOND_AFTER, SECOND_EVERY, make_mail
from bench.line.people import PIRS, Clerk

SEED = 2026


def test_everybody_is_somebody_else() -> None:
    people = [Clerk(number, number) for number in range(10_000)]
    assert len({(one.name, one.pir) for one in people}) == len(people)
    assert len({one.address for one in people}) == len(people)


def test_numbers_are_of_the_test_safe_block() -> None:
    assert all(pir.startswith("74") and len(pir) == 6 for pir in PIRS)


def test_mails_are_the_same_every_time_and_different_from_each_other() -> None:
    mails = [make_mail(number, SEED) for number in range(400)]
    assert mails[::40] == [make_mail(number, SEED) for number in range(0, 400, 40)]
    assert len({str(message_from_bytes(mail)["Message-ID"]) for mail in mails}) == len(mails)
    assert min(map(len, mails)) > 2_000
    assert max(map(len, mails)) < 42_000


def test_one_in_twenty_is_somebodys_second_mail() -> None:
    mails = [message_from_bytes(make_mail(number, SEED)) for number in range(400)]
    addresses = [parseaddr(str(mail["From"]))[1] for mail in mails]
    written = [number for number in range(400) if number % SECOND_EVERY == 12 and number > SECOND_AFTER]
    assert [addresses[number] for number in written] == [addresses[number - SECOND_AFTER] for number in written]
    once = {address for address in addresses if "MAILER-DAEMON" not in address}
    assert len(once) == sum("MAILER-DAEMON" not in address for address in addresses) - len(written)
