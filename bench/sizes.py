"""How much the bench does: the full run (about twenty minutes on two cores) and the quick one (about five)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Mails of each part, rounds, seconds; see the parts for what they do with them."""

    backlog: int = 5000
    rounds: int = 2
    share: int = 2000
    probes: int = 200
    probes_one_process: int = 30
    load_s: float = 40.0
    ledgers: tuple[int, ...] = (100, 1000, 10_000, 100_000)
    growth_mails: int = 5000
    growth_rounds: int = 2
    idle_s: float = 25.0
    reading_rounds: int = 3
    requests: int = 5
    scaling: int = 1500
    slow: int = 400
    workers: tuple[int, ...] = (1, 2, 3, 4)
    weighed: int = 10_000
    day: int = 1_000_000


FULL = Sizes()
QUICK = Sizes(
    backlog=300,
    rounds=1,
    share=300,
    probes=10,
    probes_one_process=5,
    load_s=10.0,
    ledgers=(100, 1000, 2000),
    growth_mails=100,
    growth_rounds=1,
    idle_s=15.0,
    reading_rounds=1,
    requests=1,
    scaling=200,
    slow=100,
    workers=(1, 2),
    weighed=500,
    day=100_000,
)
