"""The targets that were set for speed, each computed from a run's figures and never said by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

ONE, TWO = "product, PostgreSQL and Redis, 1 worker", "product, PostgreSQL and Redis, 2 workers"
SQLITE, PLAIN = "product, SQLite, one process", "plain script"
PEER, FLOOR = "django-mailbox, store only", "imap-tools, fetch and parse only"
Found = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A target, the figure that was measured, and whether it is `met` (None: not measured)."""

    target: str
    figure: str
    met: bool | None

    @property
    def said(self) -> str:
        """In words."""
        return {True: "reached", False: "not reached", None: "not measured"}[self.met]


def verdicts(found: Found) -> list[Line]:
    """All targets, in the order in which they were set."""
    lines: list[Line] = []
    for part, judge in JUDGES.items():
        if found.get(part):
            lines += judge(found)
        else:
            lines.append(Line(f"targets of {part}", "–", None))
    return lines


def _line(found: Found) -> Iterator[Line]:
    rates = {name: one["rate"] for name, one in found["line"]["contenders"].items()}
    for ours, theirs, least, words in (
        (TWO, PLAIN, 2.0, "PostgreSQL and Redis, two workers: at least 2 × the plain script"),
        (TWO, PEER, 5.0, "the same: at least 5 × django-mailbox, which only stores"),
        (TWO, FLOOR, 0.4, "the same: at least 0.4 × imap-tools fetching and parsing only"),
        (SQLITE, PLAIN, 1.3, "SQLite and memory:// in one process: at least 1.3 × the plain script"),
    ):
        ratio = rates[ours] / rates[theirs]
        yield Line(words, f"{ratio:.2f} × ({rates[ours]:.0f} to {rates[theirs]:.0f} mails/s)", ratio >= least)


def _share(found: Found) -> Iterator[Line]:
    share = found["share"]["share"]
    yield Line("Celery's share of the CPU of a backlog: at most 10 %", f"{share:.1%}", share <= 0.1)


def _scaling(found: Found) -> Iterator[Line]:
    quick, slow = found["scaling"]["quick"], found["scaling"]["slow"]
    by_clock, free = (one["2"]["rate"] / one["1"]["rate"] for one in (quick, slow))
    used = quick["2"]["cores_of_others"]
    yield Line(
        "two workers at least 1.7 × one, where the cores are free for it",
        f"{free:.2f} × with an SMTP server that takes {found['scaling']['slow_ms']} ms a mail; {by_clock:.2f} × with "
        f"one that takes none, when servers, watcher and beat used {used:.1f} cores beside the two workers",
        max(by_clock, free) >= 1.7,
    )


def _latency(found: Found) -> Iterator[Line]:
    for setup in ("two workers", "one process"):
        p95 = found["latency"][setup]["from IDLE's word"]["p95"]
        words = f"IDLE's word to accepted reply, idle, {setup}: p95 at most 150 ms"
        yield Line(words, f"{p95:.0f} ms", p95 <= 150)


def _growth(found: Found) -> Iterator[Line]:
    sizes = sorted(found["growth"], key=int)
    small, large = found["growth"][sizes[0]], found["growth"][sizes[-1]]
    at = f"at {large['mails']:,} mails".replace(",", " ")
    ratio = large["ms"] / small["ms"]
    yield Line(f"time a mail {at}: at most 1.15 × that at {small['mails']}", f"{ratio:.2f} ×", ratio <= 1.15)
    wake = large["wake_up"]
    used = wake["client"] + wake["dovecot"] + wake["postgresql"]
    figure = f"{wake['ms']:.1f} ms by the clock, {used:.1f} ms of CPU of client and servers"
    yield Line(f"a wake-up with nothing new {at}: under 5 ms", figure, wake["ms"] < 5)
    memory, before = (one["memory_mb"]["worker's child"] for one in (large, small))
    yield Line(f"memory of a worker {at}: under 150 MB", f"{memory:.0f} MB", memory < 150)
    yield Line("and within 16 MB of that at the smallest", f"{memory - before:+.0f} MB", abs(memory - before) <= 16)
    biggest = max(max(one["memory_mb_25"].values()) for one in found["growth"].values())
    yield Line("a mail of 25 MB: every process under 200 MB", f"{biggest:.0f} MB", biggest < 200)
    idle = sum(share for part, share in large["idle"].items() if part in ("worker", "beat", "watcher"))
    yield Line(f"idle {at}: under 0.5 % of a core", f"{idle:.2%}", idle < 0.005)


def _reading(found: Found) -> Iterator[Line]:
    corpora = found["reading"]["corpora"]
    name, first = next(iter(corpora.items()))
    words = f"reading alone: at least 300 mails of the {name} a second on one core"
    yield Line(words, f"{first['rate']:.0f}", first["rate"] >= 300)
    worst = max(one["worst"] for one in corpora.values())
    yield Line("no mail over 1 s", f"slowest {worst:.0f} ms", worst <= 1000)


def _staff(found: Found) -> Iterator[Line]:
    pages = found["staff"]["pages"]
    *_, middle, large = sorted(pages, key=int)
    view, worst = max(pages[large].items(), key=lambda item: item[1]["median"])
    figure = f"{worst['median']:.0f} ms ({view}; median of its requests by the clock)"
    yield Line(f"every staff page at {large} requests: under 150 ms", figure, worst["median"] < 150)
    more = {
        name: one["queries"] - pages[middle][name]["queries"]
        for name, one in pages[large].items()
        if one["queries"] > pages[middle][name]["queries"]
    }
    figure = "none has more"
    if more:
        name, number = max(more.items(), key=lambda item: item[1])
        figure = f"{len(more)} of {len(pages[large])} views have more, at most {number:.0f} ({name})"
    yield Line(f"with a fixed number of queries ({large} beside {middle} requests)", figure, not more)


JUDGES: dict[str, Callable[[Found], Iterator[Line]]] = {
    "line": _line,
    "share": _share,
    "scaling": _scaling,
    "latency": _latency,
    "growth": _growth,
    "reading": _reading,
    "staff": _staff,
}
