"""Signs of machines and reasons not to answer, header by header (reliability.md §3.2 and the bugs of §3.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.catalogue import load_catalogue
from rules.catalogue import Catalogue
from rules.chain import AUTOMATIC, GUARDS, decide
from rules.guards import addressee, distrusted, sender, suppressed, unreadable
from rules.kinds import (
    auto_submitted,
    automatic_subject,
    autoresponder,
    calendar,
    envelope,
    loop,
    machine_sender,
    mailing_list,
    own_mail,
    precedence,
    report,
)
from rules.model import Address, Context, Finding, Kind, Message, Outcome, Part, PartKind
from tests.rules.letters import OWN, VERA, letter

Sign = Callable[[Message, Catalogue, Context], Finding]


def header(name: str, value: str, *more: tuple[str, str]) -> Message:
    return letter(headers=((name, value), *more))


HITS: list[tuple[Sign, Message]] = [
    (envelope.check, header("return-path", "<>")),
    (auto_submitted.check, header("auto-submitted", "auto-replied")),
    (auto_submitted.check, header("auto-submitted", "Auto-Generated")),
    (auto_submitted.check, header("auto-submitted", "auto-replied (vacation)")),
    (auto_submitted.check, header("auto-submitted", "auto-generated; type=disposition-notification")),
    (auto_submitted.check, header("auto-submitted", "no", ("auto-submitted", "auto-notified"))),
    (auto_submitted.check, header("auto-submitted", "(comment) auto-replied")),
    (precedence.check, header("precedence", "Bulk")),
    (precedence.check, header("precedence", "list")),
    (precedence.check, header("x-precedence", "auto_reply")),
    (precedence.check, header("preference", "junk")),
    (mailing_list.check, header("list-id", "Jegyzők <jegyzok.lista.hu>")),
    (mailing_list.check, header("list-unsubscribe", "<mailto:x@y.hu>")),
    (mailing_list.check, header("list-post", "NO")),
    (mailing_list.check, header("mailing-list", "x")),
    (mailing_list.check, header("feedback-id", "1:2:3")),
    (mailing_list.check, header("x-campaign-id", "9")),
    (autoresponder.check, header("x-autoreply", "yes")),
    (autoresponder.check, header("x-autorespond", "")),
    (autoresponder.check, header("x-post-messageclass", "9; Autoresponder")),
    (autoresponder.check, header("delivered-to", "Autoresponder")),
    (autoresponder.check, header("x-amazon-mail-relay-type", "notification")),
    (autoresponder.check, header("x-failed-recipients", "a@b.hu")),
    (autoresponder.check, header("x-ack", "No")),
    (loop.check, header("x-loop", "aspoktatas")),
    (loop.check, header("x-ms-exchange-inbox-rules-loop", "vera@tab.hu")),
    (loop.check, header("x-zammad-ticket-id", "4")),
    (report.check, letter(content_types=("multipart/report; report-type=delivery-status",))),
    (report.check, letter(content_types=("multipart/mixed", "message/disposition-notification"))),
    (report.check, letter(content_types=("message/feedback-report",))),
    (report.check, header("content-class", "urn:content-classes:mdn")),
    (calendar.check, letter(content_types=("multipart/alternative", "text/calendar; method=reply"))),
    (machine_sender.check, letter(sender=(Address("", "MAILER-DAEMON@tab.hu"),))),
    (machine_sender.check, letter(sender=(Address("", "no-reply@tab.hu"),))),
    (machine_sender.check, letter(sender=(Address("", "nevalaszoljon@tab.hu"),))),
    (machine_sender.check, letter(sender=(Address("", "jegyzok-bounces@lista.hu"),))),
    (machine_sender.check, header("sender", "<owner-lista@lista.hu>")),
    (automatic_subject.check, letter(subject="Automatikus válasz: Regisztráció")),
    (automatic_subject.check, letter(subject="AUTOMATIKUS VÁLASZ: Regisztráció")),
    (automatic_subject.check, letter(subject="Kézbesíthetetlen: Regisztráció")),
    (automatic_subject.check, letter(subject="Olvasva: Regisztráció")),
    (automatic_subject.check, letter(subject="Kis Pál irodán kívül tartózkodik.")),
    (own_mail.check, letter(sender=(OWN,))),
    (own_mail.check, header("sender", "aspoktatas@allamkincstar.gov.hu")),
    (own_mail.check, letter(text="", parts=(Part(PartKind.FORWARDED, "Tisztelt Kérelmező!", sender=OWN),))),
    (sender.check, letter(sender=())),
    (sender.check, letter(sender=(VERA, Address("", "kis.pal@tab.hu")))),
    (sender.check, letter(defects=frozenset({"many_from"}))),
    (sender.check, letter(reply_to=(OWN,))),
    (sender.check, letter(sender=(Address("Vera", "vera"),))),
    (suppressed.check, header("x-auto-response-suppress", "All")),
    (suppressed.check, header("x-auto-response-suppress", "DR, oof, AutoReply")),
    (addressee.check, letter(to=(VERA,))),
    (addressee.check, letter(to=())),
    (distrusted.check, header("x-spam-flag", "YES")),
    (distrusted.check, header("x-ms-exchange-organization-scl", "6")),
    (distrusted.check, header("authentication-results", "mx.hu; spf=pass; dmarc=fail (p=none)")),
    (distrusted.check, header("authentication-results", "spf=pass (sender IP is 192.0.2.1);dmarc = FAIL")),
    (unreadable.check, letter(defects=frozenset({"encrypted"}))),
    (unreadable.check, letter(defects=frozenset({"truncated"}))),
]

MISSES: list[tuple[Sign, Message]] = [
    (envelope.check, header("return-path", "<vera@tab.hu>")),
    (auto_submitted.check, header("auto-submitted", "no")),
    (auto_submitted.check, header("auto-submitted", "No (a person)")),
    (auto_submitted.check, header("auto-submitted", "no; x=y")),
    (precedence.check, header("precedence", "normal")),
    (precedence.check, header("precedence", "first-class")),
    (mailing_list.check, header("x-mailer", "List")),
    (autoresponder.check, header("x-autoreply", "no")),
    (autoresponder.check, header("x-mailer", "Roundcube")),
    (autoresponder.check, header("delivered-to", "aspoktatas@allamkincstar.gov.hu")),
    (loop.check, header("x-ms-exchange-organization-authas", "Internal")),
    (report.check, letter(content_types=("multipart/mixed", "text/plain"))),
    (calendar.check, letter(content_types=("text/calendar",))),
    (machine_sender.check, letter(sender=(Address("", "norbert@tab.hu"),))),
    (machine_sender.check, letter(sender=(Address("", "rootne.eva@tab.hu"),))),
    (automatic_subject.check, letter(subject="Re: Automatikus válasz: Regisztráció")),
    (automatic_subject.check, letter(subject="Olvasói kérdés")),
    (automatic_subject.check, letter(subject="")),
    (own_mail.check, letter(text="", parts=(Part(PartKind.FORWARDED, "Kérem…", sender=VERA),))),
    (own_mail.check, letter(text="Küldöm tovább, ezt kaptam.", parts=(Part(PartKind.FORWARDED, "…", sender=OWN),))),
    (sender.check, letter(reply_to=(Address("", "vera@gmail.com"),))),
    (suppressed.check, header("x-auto-response-suppress", "RN, NRN")),
    (addressee.check, letter(to=(VERA,), cc=(OWN,))),
    (addressee.check, letter(to=(), headers=(("delivered-to", "Aspoktatas@allamkincstar.gov.hu"),))),
    (distrusted.check, header("x-spam-flag", "NO")),
    (distrusted.check, header("x-ms-exchange-organization-scl", "-1")),
    (distrusted.check, header("authentication-results", "mx.hu; dmarc=pass")),
    (distrusted.check, header("authentication-results", "mx.hu; dmarc=pass (elsewhere dmarc=fail)")),
    (unreadable.check, letter(defects=frozenset({"charset_guessed"}))),
]


def says(sign: Sign, message: Message) -> Finding:
    return sign(message, load_catalogue(), Context())


@pytest.mark.parametrize(("sign", "message"), HITS)
def test_hit(sign: Sign, message: Message) -> None:
    finding = says(sign, message)
    assert finding.hit
    assert finding.code
    assert finding.evidence


@pytest.mark.parametrize(("sign", "message"), MISSES)
def test_miss(sign: Sign, message: Message) -> None:
    assert not says(sign, message).hit


@pytest.mark.parametrize("sign", [*AUTOMATIC, *GUARDS])
def test_a_plain_letter_shows_no_sign(sign: Sign) -> None:
    assert not says(sign, letter()).hit


@pytest.mark.parametrize(("sign", "message"), [one for one in HITS if one[0] in AUTOMATIC])
def test_a_machine_is_never_answered(sign: Sign, message: Message) -> None:
    verdict = decide(message, load_catalogue())
    assert verdict.kind is Kind.AUTOMATIC
    assert verdict.outcomes == {Outcome.IGNORE}
    assert verdict.reply is None


@pytest.mark.parametrize(("sign", "message"), [one for one in HITS if one[0] in GUARDS])
def test_a_guarded_letter_goes_to_staff_unanswered(sign: Sign, message: Message) -> None:
    verdict = decide(message, load_catalogue())
    assert verdict.kind is Kind.REGISTRATION
    assert verdict.outcomes == {Outcome.REVIEW}
    assert verdict.reply is None


def test_every_rule_is_asked_whatever_the_first_says() -> None:
    verdict: Any = decide(header("auto-submitted", "auto-replied"), load_catalogue())
    assert len(verdict.findings) == len(AUTOMATIC)
