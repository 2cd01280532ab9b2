"""Case 8: the SMTP server refuses, breaks off, hangs and talks nonsense."""

from __future__ import annotations

import pytest

from tests.faults.world import World
from tests.servers.mails import Writer, missing_pir
from tests.servers.smtp_sink import CUT, GARBAGE, HANG

RETRIED = {
    "EHLO": [CUT],
    "MAIL": ["421 closing", "451 later", "452 storage", CUT, GARBAGE],
    "RCPT": ["421 closing", "450 greylisted", CUT, GARBAGE],
    "DATA": ["421 closing", "451 later", CUT, GARBAGE],
    "DOT": ["421 closing", "451 later", "452 storage"],
}
REFUSED = {"MAIL": ["550 no"], "RCPT": ["550 no such user", "552 full"], "DATA": ["554 no"], "DOT": ["552 too big"]}
IN_DOUBT = {"DOT": [CUT, GARBAGE]}
RECIPIENTS, ALONE = 2, ("550 no such user", "552 full")  # said of one recipient, not of the whole
SHORT = {
    "EHLO": [CUT],
    "MAIL": [CUT],
    "RCPT": ["450 greylisted"],
    "DATA": ["451 later"],
    "DOT": ["451 later"],
}


def wait_for(world: World, number: int, state: str) -> None:
    """Until the order was obeyed and so many replies are in `state`."""

    def is_so() -> bool:
        return not any(world.sink.orders.values()) and world.product.count("worker_reply", state) == number

    world.product.wait_until(is_so, 60)


def test_case_08_refusals_breaks_and_nonsense(world: World, is_long: bool) -> None:
    """What is safe to repeat is repeated, what is refused for good reaches staff, what is in doubt is not repeated."""
    world.start()
    ended = {"sent": 0, "failed": 0, "uncertain": 0}
    for orders, state in ((RETRIED if is_long else SHORT, "sent"), (REFUSED, "failed"), (IN_DOUBT, "uncertain")):
        for stage, answer in [(stage, answer) for stage, answers in orders.items() for answer in answers]:
            world.sink.order(stage, *[answer] * (RECIPIENTS if stage == "RCPT" and answer in ALONE else 1))
            world.deliver([missing_pir(Writer(len(world.raws)))])
            ended[state] += 1
            wait_for(world, len(world.raws), "state IN ('sent', 'retrying', 'failed', 'uncertain')")
        world.pass_time()
        wait_for(world, ended[state], f"state = '{state}'")
    world.wait_until_quiet()
    world.kill()
    assert len(world.sink.accepted) == ended["sent"] + ended["uncertain"], "what was in doubt did arrive, once"
    assert world.product.count("worker_event", "verb = 'send_failed'") == ended["failed"]
    world.check(uncertain=ended["uncertain"], refused=ended["failed"])


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
