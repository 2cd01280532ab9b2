"""Charts as pictures, by matplotlib. The only place that knows it; loaded at the first picture, never at the start."""

from __future__ import annotations

import io
import logging
import textwrap
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from review.labels import label
from review.overview.charts import Chart, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of a picture. `tones` are told apart by people who see no red and green as well, and by their hatch."""

    ground: str
    text: str
    grid: str
    pale: str
    tones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Width in inches, letters in points, pixels an inch (of a PNG), and letters a line of a category's name."""

    width: float
    letters: float
    dots: int
    line: int


LIGHT_TONES = ("#0b5394", "#d9822b", "#3b8a5a", "#8e3b8a", "#8a94a3", "#b3261e", "#c9b200")
DARK_TONES = ("#7db7f5", "#f2a65a", "#7fcf9b", "#d79ad3", "#9aa7b8", "#f28b82", "#f1e05a")
LOOKS = {
    "light": Look("#ffffff", "#1a2433", "#cfd6e0", "#aeb9c8", LIGHT_TONES),
    "dark": Look("#18212d", "#e6ebf2", "#3b4a5e", "#5d6d83", DARK_TONES),
    "high-contrast": Look("#000000", "#ffffff", "#8a8a8a", "#9c9c9c", DARK_TONES),
}
FRAMES = {"wide": Frame(7.4, 10.5, 160, 30), "small": Frame(3.7, 8.5, 200, 18), "print": Frame(7.0, 9, 170, 34)}
HATCHES = ("", "//", "", "\\\\", "", "xx", "--")  # dots would make a picture ten times as large
MOST_NAMES = {"wide": 11, "small": 7, "print": 11}
FORMATS = {"svg": "image/svg+xml", "png": "image/png"}

_lock = threading.Lock()  # matplotlib's settings are the process's


@lru_cache(maxsize=64)
def draw(chart: Chart, *, look: str = "light", frame: str = "wide", form: str = "svg", bare: bool = False) -> bytes:
    """The picture of `chart`: `look` of LOOKS, `frame` of FRAMES, `form` of FORMATS; `bare` has no ground."""
    with _lock:
        import matplotlib as mpl  # noqa: PLC0415  # half a second and 50 MB that no other page needs
        from matplotlib.figure import Figure  # noqa: PLC0415

        logging.getLogger("matplotlib").setLevel(logging.WARNING)
        settings: dict[Any, Any] = {
            "svg.fonttype": "none",
            "svg.hashsalt": chart.slug,
            "font.size": FRAMES[frame].letters,
        }
        with mpl.rc_context(settings | _colours(LOOKS[look])):
            figure = Figure(figsize=(FRAMES[frame].width, _height(chart, FRAMES[frame])), layout="constrained")
            _fill(figure, chart, LOOKS[look], frame)
            return _saved(figure, chart, form, FRAMES[frame].dots, bare=bare)


def font_file(name: str) -> Path:
    """A font that comes with matplotlib and has all Hungarian letters: DejaVuSans.ttf, DejaVuSans-Bold.ttf."""
    import matplotlib as mpl  # noqa: PLC0415

    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


def _saved(figure: Figure, chart: Chart, form: str, dots: int, *, bare: bool) -> bytes:
    stream = io.BytesIO()
    metadata = {"Title": chart.title} | ({"Date": None} if form == "svg" else {})
    figure.savefig(stream, format=form, dpi=dots, transparent=bare, metadata=metadata)
    return stream.getvalue()


def _colours(look: Look) -> dict[str, Any]:
    return {
        "figure.facecolor": look.ground,
        "axes.facecolor": look.ground,
        "text.color": look.text,
        "axes.labelcolor": look.text,
        "xtick.color": look.text,
        "ytick.color": look.text,
        "axes.edgecolor": look.grid,
        "grid.color": look.grid,
        "hatch.color": look.ground,
        "hatch.linewidth": 0.8,
    }


def _height(chart: Chart, frame: Frame) -> float:
    if chart.lies:
        each = 0.36 if frame.width > 5 else 0.5
        return 1.0 + each * max(1, len(chart.categories))
    return 3.6 if frame.width > 5 else 3.4


def _fill(figure: Figure, chart: Chart, look: Look, frame: str) -> None:
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    if chart.is_empty:
        axes.set_axis_off()
        axes.text(0.5, 0.5, label("chart", "nothing"), ha="center", va="center", transform=axes.transAxes)
        return
    (_draw_lying if chart.lies else _draw_standing)(axes, chart, look, frame)
    if len(chart.series) > 1:
        narrow = frame == "small"
        columns = 1 if narrow else min(4, len(chart.series))
        figure.legend(loc="outside upper left", ncols=columns, frameon=False, handlelength=1.4, columnspacing=1.2)


def _draw_standing(axes: Axes, chart: Chart, look: Look, frame: str) -> None:
    places = range(len(chart.categories))
    foot = [0.0] * len(chart.categories)
    for number, one in enumerate(chart.series):
        heights = [float(value or 0) for value in one.values]
        axes.bar(places, heights, 0.78, bottom=foot, label=one.name, linewidth=0, **_tone(look, number, one))
        foot = [under + height for under, height in zip(foot, heights, strict=True)] if chart.stacked else foot
    step = -(-len(chart.categories) // MOST_NAMES[frame])
    shown = list(places)[::step]
    names = [textwrap.fill(chart.categories[at], 12) for at in shown]
    is_long = max(map(len, chart.categories)) > (8 if frame == "wide" else 6) and len(shown) > 5
    axes.set_xticks(shown, names, rotation=45 if is_long else 0, ha="right" if is_long else "center")
    axes.grid(axis="y", linewidth=0.6)
    axes.set_axisbelow(True)
    _scale(axes, chart, top=max(foot) if chart.stacked else 100.0)


def _scale(axes: Axes, chart: Chart, top: float) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{written(value)}{chart.unit}"))
    axes.set_ylim(0, 100 if chart.unit == "%" else max(1.0, top * 1.05))


def _draw_lying(axes: Axes, chart: Chart, look: Look, frame: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    thick = 0.8 / len(chart.series)
    for number, one in enumerate(chart.series):
        places = [at + (number - (len(chart.series) - 1) / 2) * thick for at in range(len(chart.categories))]
        values = [float(value or 0) for value in one.values]
        bars = axes.barh(places, values, thick * 0.92, label=one.name, linewidth=0, **_tone(look, number, one))
        words = [written(value) if value else "" for value in values]
        axes.bar_label(bars, words, padding=3, fontsize=FRAMES[frame].letters - 1.5)
    names = [textwrap.fill(name, FRAMES[frame].line) for name in chart.categories]
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.margins(x=0.12, y=0.02)
    axes.grid(axis="x", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4 if frame == "small" else 8, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: written(value)))


def _tone(look: Look, number: int, one: Series) -> dict[str, Any]:
    if one.pale:
        return {"color": look.pale}
    return {"color": look.tones[number % len(look.tones)], "hatch": HATCHES[number % len(HATCHES)]}


def written(value: float | None) -> str:
    """A number as Hungarian writes it: a comma, and blanks between thousands from five digits on."""
    if value is None:
        return "–"
    text = f"{value:,.1f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    whole, point, rest = text.partition(".")
    whole = whole.replace(",", "\u00a0" if abs(value) >= 10_000 else "")
    return f"{whole},{rest}" if point else whole
