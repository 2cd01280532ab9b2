"""What the demo shows in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import ConsoleDimensions, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from demo.ledger import Fate
from demo.postman import Arrival

LINES_AROUND = 14  # the signpost, the table's head, the progress
PLAIN = "plain: npm's registry was not reached; fetch it: make assets"
STYLES = {
    "route": "green",
    "reply_missing": "yellow",
    "reply_password": "cyan",
    "review": "magenta",
    "ignore": "dim",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column; without `ratio` it is as wide as its longest cell."""

    name: str
    ratio: int | None = None


COLUMNS = (
    Column("arrived"),
    Column("sample mail", 4),
    Column("sender", 3),
    Column("understood as", 4),
    Column("outcome"),
    Column("reply", 4),
    Column("ms"),
)
WIDE = 120  # from here on the sender has room too


@dataclass(frozen=True, slots=True)
class Signpost:
    """Where to look while the demo runs; `plain` where the page's look could not be fetched."""

    page: str
    user: str
    password: str
    replies: str
    inbox: str
    plain: bool = False


def table(arrivals: Sequence[Arrival], fates: Mapping[str, Fate], *, width: int = 0) -> Table:
    """One row a mail; with `width` (columns of the terminal) one line a row, cut where it does not fit."""
    columns = [column for column in COLUMNS if column.name != "sender" or not 0 < width < WIDE]
    shown = Table(expand=True, header_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        whole = bool(width) or not column.ratio or column.name == "sender"
        shown.add_column(column.name, ratio=column.ratio, no_wrap=whole, overflow="ellipsis" if whole else "fold")
    for arrival in arrivals:
        cells = _cells(arrival, fates.get(arrival.digest))
        shown.add_row(*(cells.get(column.name, "") for column in columns))
    return shown


def signs(post: Signpost) -> RenderableType:
    """Where the page and the sent replies are."""
    lines = Text.assemble(
        ("staff page     ", "bold"), post.page, "\n",
        *((("its look       ", "bold"), (PLAIN, "yellow"), "\n") if post.plain else ()),
        ("login          ", "bold"), f"{post.user} / {post.password}", "\n",
        ("sent replies   ", "bold"), post.replies, "\n",
        ("your own mails ", "bold"), f"put .eml files into {post.inbox}", "\n",
        ("Ctrl-C", "bold"), " stops everything and leaves nothing behind",
    )  # fmt: skip
    return Panel(lines, title="aspoktatas demo", title_align="left")


def live_view(
    post: Signpost, arrivals: Sequence[Arrival], fates: Mapping[str, Fate], left: int, size: ConsoleDimensions
) -> RenderableType:
    """The signpost over the newest arrivals that fit into the terminal of `size`."""
    fitting = arrivals[-max(3, size.height - LINES_AROUND) :]
    progress = f"{left} more sample mails are coming" if left else "all sample mails have arrived; the page stays open"
    return Group(signs(post), table(fitting, fates, width=size.width), Text(progress, style="dim"))


def _cells(arrival: Arrival, fate: Fate | None) -> dict[str, RenderableType]:
    """The row's cells by column."""
    first: dict[str, RenderableType] = {"arrived": arrival.at, "sample mail": Text(arrival.about)}
    if fate is None or not fate.kind:
        return first | {"understood as": Text(fate.state if fate else "waiting", style="dim")}
    people = ", ".join(name or "?" for name, _ in fate.people)
    asked = f": {', '.join(word.replace('_', ' ') for word in fate.problems)}" if fate.problems else ""
    return first | {
        "sender": Text(fate.sender),
        "understood as": Text(people or fate.kind),  # people mean a registration; no markup of strangers
        "outcome": Text(" ").join(Text(word.replace("_", " "), style=STYLES.get(word, "")) for word in fate.outcomes),
        "reply": f"{fate.reply}{asked}" if fate.reply else "–",
        "ms": "" if fate.millis is None else str(fate.millis),
    }
