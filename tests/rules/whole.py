"""A mail's whole way through thought: bytes → Message → Verdict → what is stored → the reply, and what must hold.

For property tests, and for `bench.fuzz` and `bench.memory`.
"""

from __future__ import annotations

import json

from rules.catalogue import Catalogue
from rules.chain import decide
from rules.model import Kind, Message, Outcome, Verdict
from tests.rules.stored_verdict import load_verdict
from worker.explain import explain
from worker.intake.parse import parse_message
from worker.replies.compose import compose_reply
from worker.services.verdicts import dump_verdict

OWN_ADDRESS = "aspoktatas@allamkincstar.gov.hu"
PLANNED = {Outcome.REPLY_MISSING, Outcome.REPLY_PASSWORD}


def read_whole(raw: bytes, catalogue: Catalogue) -> Verdict:
    """The verdict on `raw`, after everything that follows from it; AssertionError where something does not hold."""
    message = parse_message(raw)
    verdict = decide(message, catalogue)
    check_verdict(message, verdict)
    assert load_verdict(json.loads(json.dumps(dump_verdict(verdict)))) == verdict
    if verdict.reply is not None:
        reply = compose_reply(message, verdict, catalogue, own_address=OWN_ADDRESS)
        assert reply.data.isascii()
        assert max(map(len, reply.data.split(b"\r\n"))) <= 998
        assert reply.text.strip()
    for line in explain(message, verdict, catalogue, OWN_ADDRESS):
        assert isinstance(line, str)
    return verdict


def check_verdict(message: Message, verdict: Verdict) -> None:
    """What holds of every verdict: an outcome, people only where somebody registers, evidence that points somewhere."""
    assert verdict.outcomes
    assert bool(verdict.people) == (verdict.kind is Kind.REGISTRATION)
    assert (verdict.reply is not None) == bool(verdict.outcomes & PLANNED)
    assert (verdict.outcomes == {Outcome.IGNORE}) == (verdict.kind is Kind.AUTOMATIC)
    for evidence in (one for finding in verdict.findings for one in finding.evidence):
        assert -1 <= evidence.part < len(message.parts)
        if evidence.part >= 0:
            assert 0 <= evidence.start <= evidence.end <= len(message.parts[evidence.part].text)
