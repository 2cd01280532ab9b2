"""Case 8: the SMTP server refuses, breaks off, hangs and talks nonsense."""

from __future__ import annotations

import pytest

from tests.faults.world import World
from tests.servers.mails import Writer, missing_pir
from tests.servers.smtp_sink import CUT, GARBAGE, HANG

RETRIED = {
    "EHLO": ["421 closing", CUT, GARBAGE],
    "MAIL": ["421 closing", "451 later", "452 storage", CUT, GARBAGE],
    "RCPT": ["421 closing", "450 greylisted", CUT, GARBAGE],
    "DATA": ["421 closing", "451 later", CUT, GARBAGE],
    "DOT": ["421 closing", "451 later", "452 storage"],
}
REFUSED = {"MAIL": ["550 no"], "RCPT": ["550 no such user", "552 full"], "DATA": ["554 no"], "DOT": ["552 too big"]}
IN_DOUBT = {"DOT": [CUT, GARBAGE]}
SHORT = {
    "EHLO": ["421 closing"],
    "MAIL": [CUT],
    "RCPT": ["450 greylisted"],
    "DATA": ["451 later"],
    "DOT": ["451 later"],
}


def ended(world: World, state: str, number: int) -> None:
    world.product.wait_until(lambda: world.product.count("worker_reply", f"state = '{state}'") == number, 60)


def test_case_08_refusals_breaks_and_nonsense(world: World, is_long: bool) -> None:
    """What is safe to repeat is repeated, what is refused for good reaches staff, what is in doubt is not repeated."""
    world.start()
    refused = in_doubt = number = 0
    for orders, state in ((RETRIED if is_long else SHORT, "retrying"), (REFUSED, "failed"), (IN_DOUBT, "uncertain")):
        for stage, answers in orders.items():
            for answer in answers:
                number += 1
                world.sink.order(stage, answer)
                world.deliver([missing_pir(Writer(number))])
                refused, in_doubt = refused + (state == "failed"), in_doubt + (state == "uncertain")
                ended(world, state, {"failed": refused, "uncertain": in_doubt}.get(state, 1))
                world.pass_time()
                ended(world, "retrying", 0)
    world.wait_until_quiet()
    world.kill()
    assert len(world.sink.accepted) == number - refused, "what was in doubt did arrive, once"
    assert world.product.count("worker_event", "verb = 'send_failed'") == refused
    world.check(uncertain=in_doubt, refused=refused)


@pytest.mark.long
@pytest.mark.parametrize(("stage", "uncertain"), [("EHLO", 0), ("RCPT", 0), ("DATA", 0), ("DOT", 1)])
def test_case_08_hangs(world: World, stage: str, uncertain: int) -> None:
    """Every wait ends by itself: before the dot the reply is sent later, after it is in doubt."""
    world.sink.order(stage, HANG)
    world.deliver([missing_pir(Writer(1))])
    world.start()
    state = "uncertain" if uncertain else "retrying"
    world.product.wait_until(lambda: bool(world.product.count("worker_reply", f"state = '{state}'")), 90)
    world.pass_time()
    world.wait_until_quiet()
    world.kill()
    world.check(uncertain=uncertain)
