"""A day of a million mails, simulated with measured costs: `python -m bench.day [--mails N] [--costs FILE]`.

Mail by mail: each waits for its mailbox's watcher (one at a time, as the lease has it) and then for a worker process.
What either does for a mail lasts as long as its CPU, that of the servers it waits for, and for replies a slow SMTP
server. Arrivals are random (a Poisson stream from a seed) over a working day's shape, with a rush in the morning.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SEED = 2026
HOURS = (1, 1, 1, 1, 1, 2, 8, 40, 120, 140, 130, 110, 80, 100, 90, 70, 45, 20, 12, 10, 8, 5, 3, 2)  # weights
RUSH_AT_S, RUSH_FOR_S, RUSH_SHARE = 9 * 3600.0, 300.0, 0.05  # a nationwide call: so much of the day in five minutes
STEP_S = 60
MOST_WORKERS = 64


@dataclass(frozen=True)
class Costs:
    """Seconds a mail: of the watcher, of a worker's own work, of PostgreSQL in all, of an SMTP server a reply; and how
    many replies a mail."""

    watcher: float
    worker: float
    postgresql: float
    smtp: float
    replies: float

    @property
    def taking_in(self) -> float:
        """How long a mail keeps the watcher: its CPU, and a third of PostgreSQL's (storing; the rest is deciding)."""
        return self.watcher + self.postgresql / 3

    @property
    def answering(self) -> float:
        """How long a mail keeps a worker."""
        return self.worker + self.postgresql * 2 / 3 + self.smtp * self.replies


@dataclass(frozen=True)
class Day:
    """What came out: seconds from arrival to the end, the longest queue, and the queue at each minute's end."""

    workers: int
    p50: float
    p95: float
    p99: float
    worst: float
    longest_queue: int
    queue: list[int]
    busiest_minute: int


def arrivals(number: int, seed: int = SEED) -> list[float]:
    """The moments of about `number` mails, in seconds of the day, in order."""
    chance = random.Random(seed)
    weights = sum(HOURS)
    moments: list[float] = []
    for second in range(0, 24 * 3600, STEP_S):
        rate = number * (1 - RUSH_SHARE) * HOURS[second // 3600] / weights / 3600
        if RUSH_AT_S <= second < RUSH_AT_S + RUSH_FOR_S:
            rate += number * RUSH_SHARE / RUSH_FOR_S
        moments += _poisson(second, rate, chance)
    return moments


def _poisson(begin: float, rate: float, chance: random.Random) -> Iterator[float]:
    moment = begin + chance.expovariate(rate)
    while moment < begin + STEP_S:
        yield moment
        moment += chance.expovariate(rate)


def serve(moments: Sequence[float], servers: int, seconds: float) -> list[float]:
    """When each of `moments` (in order) is done by the first of `servers` that is free; each takes `seconds`."""
    free = [0.0] * servers
    done = []
    for moment in moments:
        end = max(moment, free[0]) + seconds
        heapq.heapreplace(free, end)
        done.append(end)
    return done


def simulate(moments: Sequence[float], costs: Costs, mailboxes: int, workers: int) -> Day:
    """The day with so many watched mailboxes and worker processes."""
    chance = random.Random(SEED)
    boxes: list[list[float]] = [[] for _ in range(mailboxes)]
    for moment in moments:
        boxes[chance.randrange(mailboxes)].append(moment)
    stored = sorted(
        (end, moment) for box in boxes for end, moment in zip(serve(box, 1, costs.taking_in), box, strict=True)
    )
    ends = serve([end for end, _ in stored], workers, costs.answering)
    waits = sorted(end - moment for end, (_, moment) in zip(ends, stored, strict=True))
    queue, busiest = _by_minute(moments, sorted(ends))
    p50, p95, p99 = (waits[math.floor((len(waits) - 1) * share)] for share in (0.5, 0.95, 0.99))
    return Day(workers, p50, p95, p99, waits[-1], max(queue), queue, busiest)


def _by_minute(came: Sequence[float], went: Sequence[float]) -> tuple[list[int], int]:
    """How many are inside at the end of each minute, and how many came in the busiest."""
    queue, busiest, last, inside_came, inside_went = [], 0, 0, 0, 0
    for minute in range(1, 24 * 60 + 1):
        while inside_came < len(came) and came[inside_came] < minute * 60:
            inside_came += 1
        while inside_went < len(went) and went[inside_went] < minute * 60:
            inside_went += 1
        queue.append(inside_came - inside_went)
        busiest, last = max(busiest, inside_came - last), inside_came
    return queue, busiest


def simulate_day(mails: int, costs: Costs, mailboxes: int, within_s: float) -> dict[str, Any]:
    """The smallest power of two of workers with a p95 within `within_s`, and the days with fewer and more of them."""
    moments = arrivals(mails)
    days: list[Day] = []
    workers = 1
    while workers <= MOST_WORKERS and not (days and days[-1].p95 <= within_s):
        if workers / costs.answering > len(moments) / 86_400:  # else the queue only grows
            days.append(simulate(moments, costs, mailboxes, workers))
        workers *= 2
    return {
        "mails": len(moments),
        "mailboxes": mailboxes,
        "within_s": within_s,
        "costs": asdict(costs) | {"taking_in": costs.taking_in, "answering": costs.answering},
        "days": [asdict(day) for day in days],
    }


def costs_of(scaling: dict[str, Any], storage: dict[str, Any]) -> Costs:
    """From what bench.scaling measured."""
    cpu = storage["cpu_ms"]
    return Costs(
        watcher=(cpu["watcher"] + cpu["Dovecot"] / 2) / 1000,
        worker=(cpu["worker"] + cpu["Dovecot"] / 2) / 1000,
        postgresql=cpu["PostgreSQL"] / 1000,
        smtp=scaling["slow_ms"] / 1000,
        replies=scaling["quick"][max(scaling["quick"])]["replies"],
    )


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=1_000_000)
    parser.add_argument("--mailboxes", type=int, default=3)
    parser.add_argument("--within", type=float, default=10.0, metavar="SECONDS", help="what 95 of 100 mails may take")
    parser.add_argument("--costs", type=Path, default=Path("docs/performance.json"), help="of a run of python -m bench")
    options = parser.parse_args()
    found = json.loads(options.costs.read_text("utf-8"))
    costs = costs_of(found["scaling"], found["storage"])
    told = simulate_day(options.mails, costs, options.mailboxes, options.within)
    print(f"a mail keeps the watcher {costs.taking_in * 1000:.2f} ms, a worker {costs.answering * 1000:.2f} ms")
    for day in told["days"]:
        print(
            f"{day['workers']:3} workers: p50 {day['p50']:.2f} s, p95 {day['p95']:.2f} s, worst {day['worst']:.0f} s, "
            f"longest queue {day['longest_queue']}"
        )


if __name__ == "__main__":
    main()
