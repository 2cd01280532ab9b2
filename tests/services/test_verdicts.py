"""The verdict as the ledger keeps it: whole, plain JSON, and the same when read back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from config.catalogue import load_catalogue
from rules.chain import decide
from rules.model import Address, Message, Verdict
from tests.rules.letters import letter
from tests.rules.stored_verdict import load_verdict
from worker.services.verdicts import dump_verdict, load_earlier

WHOLE = """Kérem a regisztrációmat.
Név: Minta Vera
Önkormányzat: Tab Város Önkormányzata
PIR: 740001
E-mail: penzugy@tab
Szakrendszer: ADÓ, KIRA"""


@pytest.mark.parametrize(
    "message",
    [
        letter(WHOLE, cc=(Address("Jegyző", "jegyzo@tab.hu"),)),
        letter("Elfelejtettem a jelszavam."),
        letter("Köszönöm!"),
        letter(headers=(("auto-submitted", "auto-replied"),)),
    ],
)
def test_what_is_dumped_is_read_back(message: Message) -> None:
    verdict = decide(message, load_catalogue())
    stored = json.loads(json.dumps(dump_verdict(verdict)))
    assert plain(load_verdict(stored)) == plain(verdict)
    assert stored["findings"]


def test_of_a_rule_that_found_nothing_only_its_name_is_kept() -> None:
    verdict = decide(letter(WHOLE), load_catalogue())
    stored = {one["rule"]: one for one in dump_verdict(verdict)["findings"]}
    assert stored["loop"] == {"rule": "loop"}
    assert stored["asks_registration"]["hit"]
    assert stored["asks_registration"]["evidence"]


def plain(verdict: Verdict) -> Verdict:
    """The verdict with details and codes as the plain strings that JSON keeps."""
    findings = tuple(replace(one, code=str(one.code), details=dict(one.details)) for one in verdict.findings)
    people = tuple(
        replace(one, suggestions={str(key): value for key, value in one.suggestions.items()}) for one in verdict.people
    )
    return replace(verdict, findings=findings, people=people, reason=str(verdict.reason))


def test_a_stranger_is_refused() -> None:
    with pytest.raises((KeyError, ValueError)):
        load_earlier({"kind": "registration"})
