"""What the demo shows in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from demo.ledger import Fate
from demo.postman import Arrival

STYLES = {
    "route": "green",
    "reply_missing": "yellow",
    "reply_password": "cyan",
    "review": "magenta",
    "ignore": "dim",
}


@dataclass(frozen=True, slots=True)
class Signpost:
    """Where to look while the demo runs."""

    page: str
    user: str
    password: str
    replies: str
    inbox: str


def table(arrivals: Sequence[Arrival], fates: Mapping[str, Fate]) -> Table:
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
        shown.add_row(arrival.at, arrival.about, *_cells(fates.get(arrival.digest)))
    return shown


def signs(post: Signpost) -> RenderableType:
    """Where the page and the sent replies are."""
    lines = Text.assemble(
        ("staff page     ", "bold"), post.page, "\n",
        ("login          ", "bold"), f"{post.user} / {post.password}", "\n",
        ("sent replies   ", "bold"), post.replies, "\n",
        ("your own mails ", "bold"), f"put .eml files into {post.inbox}", "\n",
        ("Ctrl-C", "bold"), " stops everything and leaves nothing behind",
    )  # fmt: skip
    return Panel(lines, title="aspoktatas demo", title_align="left")


def live_view(
    post: Signpost, arrivals: Sequence[Arrival], fates: Mapping[str, Fate], left: int, height: int
) -> RenderableType:
    """The signpost over the newest arrivals that fit into `height` lines."""
    fitting = arrivals[-max(3, (height - 14) // 2) :]
    progress = f"{left} more sample mails are coming" if left else "all sample mails have arrived; the page stays open"
    return Group(signs(post), table(fitting, fates), Text(progress, style="dim"))


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
