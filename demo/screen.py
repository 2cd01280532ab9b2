"""What the demo shows in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from demo.ledger import Fate
from demo.samples import Sample

STYLES = {
    "route": "green",
    "reply_missing": "yellow",
    "reply_password": "cyan",
    "review": "magenta",
    "ignore": "dim",
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sample that was delivered at `at` (local time, HH:MM:SS) and what the ledger knows of it so far."""

    at: str
    sample: Sample
    fate: Fate | None


@dataclass(frozen=True, slots=True)
class Signpost:
    """Where to look while the demo runs."""

    page: str
    user: str
    password: str
    replies: str


def table(arrivals: Sequence[Arrival]) -> Table:
    """One row a mail."""
    shown = Table(expand=True, header_style="bold", pad_edge=False)
    shown.add_column("arrived", no_wrap=True)
    shown.add_column("sample mail", ratio=4)
    shown.add_column("sender", ratio=3, no_wrap=True, overflow="ellipsis")
    shown.add_column("understood as", ratio=4)
    shown.add_column("outcome", no_wrap=True)
    shown.add_column("reply", ratio=4)
    shown.add_column("ms", justify="right", no_wrap=True)
    for arrival in arrivals:
        shown.add_row(arrival.at, arrival.sample.about, *_cells(arrival.fate))
    return shown


def signs(post: Signpost) -> RenderableType:
    """Where the page and the sent replies are."""
    lines = Text.assemble(
        ("staff page     ", "bold"), post.page, "\n",
        ("login          ", "bold"), f"{post.user} / {post.password}", "\n",
        ("sent replies   ", "bold"), post.replies, "\n",
        ("Ctrl-C", "bold"), " stops everything and leaves nothing behind",
    )  # fmt: skip
    return Panel(lines, title="aspoktatas demo", title_align="left")


def live_view(post: Signpost, arrivals: Sequence[Arrival], total: int, height: int) -> RenderableType:
    """The signpost over the newest arrivals that fit into `height` lines."""
    fitting = arrivals[-max(3, (height - 12) // 2) :]
    progress = f"{len(arrivals)} of {total} sample mails have arrived"
    if len(arrivals) == total:
        progress += "; the page stays open"
    return Group(signs(post), table(fitting), Text(progress, style="dim"))


def _cells(fate: Fate | None) -> tuple[RenderableType, ...]:
    if fate is None or not fate.kind:
        return "", Text(fate.state if fate else "waiting", style="dim"), "", "", ""
    people = ", ".join(f"{name or '?'}" for name, _ in fate.people)
    outcome = Text("\n").join(Text(word, style=STYLES.get(word, "")) for word in fate.outcomes)
    asked = f": {', '.join(fate.problems)}" if fate.problems else ""
    return (
        fate.sender,
        Text(f"{fate.kind}: {people}" if people else fate.kind),
        outcome,
        Text(f"{fate.reply}{asked}" if fate.reply else "–"),
        "" if fate.millis is None else str(fate.millis),
    )
