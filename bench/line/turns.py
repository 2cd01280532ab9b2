"""Contenders in turn, A B C A B C, and the medians of what they took."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from bench.line.contenders import CONTENDERS, OWN, SETUPS, Outcome
from bench.line.mails import make_mail
from bench.line.sites import SERVERS, Site

SEED = 2026
YARDSTICK = "plain script"


def run_in_turns(site: Site, number: int, rounds: int, names: Sequence[str]) -> dict[str, Any]:
    """Let each work through a backlog of `number` mails, `rounds` times.

    Returns "mails", "sizes" (smallest, median and largest in bytes), "rounds", and "contenders": by name what it ran
    as, mails a second (median and each round's), CPU milliseconds a mail by part, and replies.
    """
    mails = [make_mail(one, SEED) for one in range(number)]
    runs: dict[str, list[Outcome]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names:
            outcome = CONTENDERS[name](site, mails)
            runs[name].append(outcome)
            rate = number / outcome.seconds
            print(f"round {turn + 1}: {name}: {rate:.0f}/s, {outcome.replies} replies", flush=True)
    sizes = sorted(map(len, mails))
    return {
        "mails": number,
        "sizes": [sizes[0], sizes[number // 2], sizes[-1]],
        "rounds": rounds,
        "contenders": {name: {"setup": SETUPS[name], **_medians(done, number)} for name, done in runs.items()},
    }


def _medians(done: Sequence[Outcome], number: int) -> dict[str, Any]:
    return {
        "rate": number / statistics.median(one.seconds for one in done),
        "rates": [number / one.seconds for one in done],
        "cpu_ms": {part: statistics.median(one.cpu[part] for one in done) / number * 1000 for part in done[0].cpu},
        "replies": done[-1].replies,
    }


def tell(found: dict[str, Any]) -> None:
    """Print the table."""
    yardstick = found["contenders"].get(YARDSTICK)
    print(
        f"{'':42}{'mails/s':>8}{'× plain':>8}{'replies':>8}   CPU ms a mail: {OWN:>6}", *(f"{s:>10}" for s in SERVERS)
    )
    for name, one in found["contenders"].items():
        ratio = f"{one['rate'] / yardstick['rate']:.2f}" if yardstick else "–"
        cpu = [f"{one['cpu_ms'].get(server, 0):10.2f}" for server in SERVERS]
        print(f"{name:42}{one['rate']:8.0f}{ratio:>8}{one['replies']:8}   {'':15}{one['cpu_ms'][OWN]:6.2f}", *cpu)
