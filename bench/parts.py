"""The parts of the bench, in their order: each takes what all share and returns figures for JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from bench.day import costs_of, simulate_day
from bench.growth import measure_growth
from bench.latency import measure_idle, measure_load
from bench.ledgers import build_ledgers
from bench.line.contenders import CONTENDERS
from bench.line.mails import make_mail
from bench.line.share import celery_share
from bench.line.sites import ROOT, Site, run_site
from bench.line.turns import SEED, run_in_turns, tell
from bench.scaling import measure_scaling, measure_storage
from bench.sizes import Sizes
from bench.staff.exports import measure_exports
from bench.staff_page import measure_ledger

TWO_WORKERS = "product, PostgreSQL and Redis, 2 workers"
LOAD_OF_MOST = 0.5  # the load of the latency part: so much of what two workers did in the line part
LOAD_UNLESS_KNOWN = 20.0  # mails a second
SMALLEST_GROWN = 1000
MAILBOXES, WITHIN_S = 3, 10.0


class Bench:
    """What the parts share: sizes, servers, filled ledgers, where pictures go, what is found so far."""

    def __init__(self, sizes: Sizes, folder: Path, found: dict[str, Any]) -> None:
        self.sizes, self.folder, self.found = sizes, folder, found
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def site(self) -> Site:
        """Started when first asked for."""
        return self._stack.enter_context(run_site())

    @cached_property
    def ledgers(self) -> dict[int, str]:
        """URLs by number of requests; filled when first asked for."""
        return build_ledgers(self.site.postgres, self.sizes.ledgers)


def line(bench: Bench) -> dict[str, Any]:
    """(a) The product, scripts and peers over the same backlog, in turn."""
    found = run_in_turns(bench.site, bench.sizes.backlog, bench.sizes.rounds, list(CONTENDERS))
    tell(found)
    return found


def share(bench: Bench) -> dict[str, float]:
    """Celery's share of the CPU."""
    mails = [make_mail(number, SEED) for number in range(bench.sizes.share)]
    return celery_share(bench.site, mails, 2)


def latency(bench: Bench) -> dict[str, Any]:
    """(b) How long a person waits."""
    sizes = bench.sizes
    contenders = bench.found.get("line", {}).get("contenders", {})
    rate = contenders[TWO_WORKERS]["rate"] * LOAD_OF_MOST if contenders else LOAD_UNLESS_KNOWN
    return {
        "two workers": measure_idle(bench.site, 2, sizes.probes),
        "one process": measure_idle(bench.site, 0, sizes.probes_one_process),
        "load": measure_load(bench.site, 2, rate, sizes.load_s),
    }


def staff(bench: Bench) -> dict[str, Any]:
    """(e) The staff page and exports."""
    pages = {
        str(size): measure_ledger(url, size, bench.sizes.requests)
        for size, url in bench.ledgers.items()
        if size != SMALLEST_GROWN
    }
    largest = max(bench.ledgers)
    return {"pages": pages, "exports": {"rows": largest, **measure_exports(bench.ledgers[largest])}}


def growth(bench: Bench) -> dict[str, Any]:
    """(c) Mailbox and ledger that grow."""
    sizes = bench.sizes
    grown = {size: url for size, url in bench.ledgers.items() if size >= SMALLEST_GROWN}
    return measure_growth(bench.site, grown, sizes.growth_mails, sizes.growth_rounds, sizes.idle_s)


def reading(bench: Bench) -> dict[str, Any]:
    """(d) Parse and rules alone, with the flame graph."""
    words = ["--rounds", str(bench.sizes.reading_rounds), "--flame", str(bench.folder / "images/performance-flame.svg")]
    command = [sys.executable, "-m", "bench.kinds", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def scaling(bench: Bench) -> dict[str, Any]:
    """More and more workers."""
    return measure_scaling(bench.site, bench.sizes.scaling, bench.sizes.workers, bench.sizes.slow)


def storage(bench: Bench) -> dict[str, Any]:
    """What a mail leaves behind."""
    return measure_storage(bench.site, bench.sizes.weighed, 2)


def day(bench: Bench) -> dict[str, Any]:
    """A day of very many mails, simulated with the costs of this run."""
    if not {"scaling", "storage"} <= set(bench.found):
        return {}
    return simulate_day(bench.sizes.day, costs_of(bench.found["scaling"], bench.found["storage"]), MAILBOXES, WITHIN_S)


PARTS: dict[str, Callable[[Bench], dict[str, Any]]] = {
    "line": line,
    "share": share,
    "latency": latency,
    "reading": reading,
    "scaling": scaling,
    "storage": storage,
    "day": day,
    "growth": growth,
    "staff": staff,
}
