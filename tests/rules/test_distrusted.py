"""Whose Authentication-Results are believed, where the operator has said so (issue 5, 6; RFC 8601)."""

from __future__ import annotations

import pytest

from config.catalogue import load_catalogue
from rules.chain import decide
from rules.guards import distrusted
from rules.model import Context, Outcome
from worker.intake.parse import parse_message

OURS = Context(authenticators=frozenset({"mx.kincstar.example"}))
CASES: list[tuple[str, frozenset[str] | None, bool]] = [
    ("mx.kincstar.example; dmarc=fail header.from=falu.hu", frozenset({"mx.kincstar.example"}), True),
    ("MX.Kincstar.example 1;\r\n\tspf=pass; dmarc=fail", frozenset({"mx.kincstar.example"}), True),
    ('"mx.kincstar.example"; dmarc=fail', frozenset({"mx.kincstar.example"}), True),
    ("(a comment) mx.kincstar.example; dmarc=fail", frozenset({"mx.kincstar.example"}), True),
    ("mx.kincstar.example.evil.example; dmarc=fail", frozenset({"mx.kincstar.example"}), False),
    ("mx.masik.example; dmarc=fail (mx.kincstar.example)", frozenset({"mx.kincstar.example"}), False),
    ("mx.kincstar.example=x; dmarc=fail", frozenset({"mx.kincstar.example"}), False),
    ("spf=fail smtp.mailfrom=falu.hu; dmarc=fail action=none", frozenset({"mx.kincstar.example"}), False),
    ("spf=fail smtp.mailfrom=falu.hu; dmarc=fail action=none", frozenset({""}), True),
    ("mx.kincstar.example; dmarc=fail", frozenset({""}), False),
    ("mx.kincstar.example; dmarc=fail", frozenset(), False),
    ("mx.kincstar.example; dmarc=fail", None, True),
    ("mx.kincstar.example; dmarc=temperror", None, False),
    ("", None, False),
    ("=" * 100_000, None, False),
]


def mail(*results: str) -> bytes:
    """A request that lacks its PIR, with these headers above it."""
    above = "".join(f"Authentication-Results: {one}\r\n" for one in results)
    text = (
        "Kérem a regisztrációmat az ASP oktatási portálra.\r\nNév: Hörömpő Gergő\r\nÖnkormányzat: Tiszacsege\r\n"
        "E-mail: horompo.gergo@tiszacsege.hu\r\nModul: adó szakrendszer\r\n"
    )
    head = (
        "From: horompo.gergo@tiszacsege.hu\r\nTo: aspoktatas@allamkincstar.gov.hu\r\nSubject: Kérelem\r\n"
        "Message-ID: <1@tiszacsege.hu>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (above + head + text).encode()


@pytest.mark.parametrize(("header", "believed", "distrusts"), CASES)
def test_only_a_believed_server_counts(header: str, believed: frozenset[str] | None, distrusts: bool) -> None:
    message = parse_message(mail(header))
    assert distrusted.check(message, load_catalogue(), Context(authenticators=believed)).hit is distrusts


def test_a_forged_sender_is_not_answered_and_goes_to_staff() -> None:
    verdict = decide(parse_message(mail("mx.kincstar.example; dmarc=fail")), load_catalogue(), OURS)
    assert verdict.reply is None
    assert verdict.outcomes == {Outcome.REVIEW}


def test_what_the_sender_writes_himself_changes_nothing() -> None:
    """Neither a fail that others are to believe nor a pass that hides what our server said."""
    plain = decide(parse_message(mail()), load_catalogue(), OURS)
    forged = decide(parse_message(mail("mx.masik.example; dmarc=fail")), load_catalogue(), OURS)
    assert forged.reply == plain.reply is not None
    assert forged.outcomes == plain.outcomes == {Outcome.REPLY_MISSING}
    both = ("mx.kincstar.example; dmarc=fail", "mx.kincstar.example; dmarc=pass")
    for results in (both, both[::-1]):
        assert decide(parse_message(mail(*results)), load_catalogue(), OURS).reply is None
