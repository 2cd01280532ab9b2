"""The pictures of docs/performance.md and docs/scaling.md from a run's figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from bench.pictures import OURS, THEIRS, THIRD, new_picture, save

Found = dict[str, Any]


def draw_all(found: Found, folder: Path) -> None:
    """A file for each part that was measured."""
    for part, draw in CHARTS.items():
        if found.get(part):
            draw(found[part], folder)


def _line(part: Found, folder: Path) -> None:
    contenders = part["contenders"]
    figure, axes = new_picture(8, 0.6 + 0.42 * len(contenders))
    names = list(contenders)[::-1]
    rates = [contenders[name]["rate"] for name in names]
    bars = axes.barh(names, rates, color=[OURS if "product" in name else THEIRS for name in names])
    axes.bar_label(bars, [f"{rate:.0f}" for rate in rates], padding=3)
    axes.set_xlabel(f"mails a second, {part['mails']} mails")
    save(figure, folder / "performance-line.svg")


def _latency(part: Found, folder: Path) -> None:
    rows = {
        "two workers, from IDLE's word": part["two workers"]["from IDLE's word"],
        "two workers, from delivery": part["two workers"]["from delivery"],
        "one process, from IDLE's word": part["one process"]["from IDLE's word"],
        "one process, from delivery": part["one process"]["from delivery"],
        f"at {part['load']['rate']:.0f} mails/s, from delivery": part["load"],
    }
    figure, axes = new_picture(8, 3)
    names = list(rows)[::-1]
    for word, colour, height in (("p99", THEIRS, 0.8), ("p95", THIRD, 0.55), ("p50", OURS, 0.3)):
        axes.barh(names, [rows[name][word] for name in names], height=height, color=colour, label=word)
    axes.axvline(150, color="#b00020", linewidth=1, linestyle="--", label="150 ms")
    axes.set_xlabel("milliseconds to the accepted reply")
    axes.legend(frameon=False, fontsize=8)
    save(figure, folder / "performance-latency.svg")


def _growth(part: Found, folder: Path) -> None:
    sizes = sorted(part, key=int)
    mails = [part[size]["mails"] for size in sizes]
    figure, axes = new_picture(7, 3)
    axes.plot(mails, [part[size]["ms"] for size in sizes], "o-", color=OURS, label="a mail, from delivery to filing")
    axes.plot(mails, [part[size]["wake_up"]["ms"] for size in sizes], "s-", color=THIRD, label="a wake-up, nothing new")
    axes.set_xscale("log")
    axes.set_xticks(mails, [str(number) for number in mails], minor=False)
    axes.set_xticks([], minor=True)
    _label(axes, "mails in inbox and ledger", "milliseconds")
    save(figure, folder / "performance-growth.svg")


def _workers(part: Found, folder: Path) -> None:
    figure, axes = new_picture(7, 3)
    for word, colour, label in (
        ("quick", OURS, "SMTP server that takes mails at once"),
        ("slow", THIRD, f"SMTP server that thinks {part['slow_ms']} ms about each"),
    ):
        numbers = sorted(part[word], key=int)
        axes.plot(numbers, [part[word][number]["rate"] for number in numbers], "o-", color=colour, label=label)
    axes.set_xticks([int(number) for number in part["quick"]])
    _label(axes, "worker processes", "mails a second")
    save(figure, folder / "performance-workers.svg")


def _day(part: Found, folder: Path) -> None:
    figure, axes = new_picture(8, 3)
    for day, colour in zip(part["days"][-3:], (THEIRS, THIRD, OURS), strict=False):
        hours = [minute / 60 for minute in range(1, len(day["queue"]) + 1)]
        axes.plot(hours, day["queue"], color=colour, linewidth=1.2, label=f"workers: {day['workers']}")
    axes.set_xlim(6, 20)
    axes.set_yscale("symlog", linthresh=10)
    _label(axes, "hour of the day", "mails in the queue")
    save(figure, folder / "performance-day.svg")


def _label(axes: Axes, across: str, up: str) -> None:
    """A curve's axes, the upright one from zero, and what each colour means."""
    axes.set_ylim(bottom=0)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.legend(frameon=False)


CHARTS: dict[str, Callable[[Found, Path], None]] = {
    "line": _line,
    "latency": _latency,
    "growth": _growth,
    "scaling": _workers,
    "day": _day,
}
