"""Whatever stands in an answer: a verdict, the case's people first, nothing properly given wiped out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.chain import decide
from rules.model import Context, Kind
from tests.rules.answers.cases import FIRST_MAILS, case_of
from tests.rules.answers.conversation import CATALOGUE, mail

PIECES = st.sampled_from(
    [
        "740373", "740372", "PIR:", "Lenti", "Zala", "Szabó Anna", "Kiss Béláé:", "Anna", "kovacs.anna@posta.example",
        "jegyzo@lenti.example", "adó", "iktató", "helyett", "hanem", "mégsem kérem", "tárgytalan", "is", "még", "és",
        ",", ".", "?", "\n", "\n\n", "igen", "nem", "mindkettő", "--- ADATLAP (kérjük) ---", "Teljes név:",
        "PIR szám:", "--- ADATLAP VÉGE ---", "2. személy", "> ", "jegyző", "köszönöm", "Üdvözlettel", "\t", "ő", "💌",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map(" ".join), st.text(max_size=200))


@given(name=st.sampled_from(sorted(FIRST_MAILS)), text=TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_answer_has_a_verdict_and_wipes_nothing(name: str, text: str) -> None:
    case = case_of(name)
    verdict = decide(mail(text, sender="a@posta.example"), CATALOGUE, replace(Context(), earlier=case.earlier))
    if verdict.kind is not Kind.REGISTRATION:
        assert (verdict.people, verdict.continues) == ((), 0)
        return
    assert verdict.continues == len(case.verdict.people)
    for before, after in zip(case.verdict.people, verdict.people, strict=False):
        assert not (before.full_name and not after.full_name)
        assert not (before.municipality and not after.municipality)
        assert not (before.pir and not after.pir)
        assert not (before.email and not after.email)
        assert not (before.modules and not after.modules)


@pytest.mark.parametrize("piece", ["740373 Lenti adó\n", "mégsem, 740373, ", "Kovács Anna és Szabó Béla. "])
def test_a_long_answer_is_bounded(piece: str) -> None:
    message = mail(piece * 20_000, sender="a@posta.example")
    assert decide(message, CATALOGUE, replace(Context(), earlier=case_of("pir").earlier)).findings
