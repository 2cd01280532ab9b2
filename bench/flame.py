"""Where CPU time goes: stacks sampled by the profiling timer, and their picture. Linux; of the main thread alone."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from zlib import crc32

EVERY_S = 0.001  # Linux makes some milliseconds of it
OURS = ("worker.", "rules.", "config.", "registry.", "review.", "staff.")
LEAST = 0.004  # parts of the whole that are narrower are not drawn
LETTER = 0.0052  # of the picture's width, for a letter of a label
COLOURS = {"worker.": "#7fb3e6", "rules.": "#f2a65a", "config.": "#b9a7e0", "": "#cfd4d9"}
Stack = tuple[str, ...]


def sample(work: Callable[[], object]) -> Counter[Stack]:
    """Do `work`; returns how often which stack of functions was found, from the outermost of ours on."""
    stacks: Counter[Stack] = Counter()

    def note(_: int, frame: FrameType | None) -> None:
        names = []
        while frame is not None:
            names.append(f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}")
            frame = frame.f_back
        ours = next((at for at in reversed(range(len(names))) if names[at].startswith(OURS)), -1)
        stacks[tuple(reversed(names[: ours + 1]))] += 1

    before = signal.signal(signal.SIGPROF, note)
    signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return stacks


@dataclass
class _Node:
    """A function as called on one way, with all that it called."""

    name: str
    count: int = 0
    below: dict[str, _Node] = field(default_factory=dict)


def draw_flame(stacks: Counter[Stack], title: str, file: Path) -> None:
    """Write an icicle graph (callers above, wide is dear): functions of ours coloured by package, others grey."""
    root = _Node(title)
    for stack, count in stacks.items():
        node = root
        node.count += count
        for name in stack:
            node = node.below.setdefault(name, _Node(name))
            node.count += count
    boxes: list[tuple[int, float, float, str]] = []
    _lay_out(root, 0, 0.0, root.count, boxes)
    _draw(boxes, f"{title} ({root.count} samples)", file)


def _lay_out(node: _Node, depth: int, left: float, whole: int, boxes: list[tuple[int, float, float, str]]) -> None:
    """Depth, left edge, width (0 to 1) and name of what is wide enough."""
    for child in sorted(node.below.values(), key=lambda one: -one.count):
        width = child.count / whole
        if width >= LEAST:
            boxes.append((depth, left, width, child.name))
            _lay_out(child, depth + 1, left, whole, boxes)
        left += width


def _draw(boxes: list[tuple[int, float, float, str]], title: str, file: Path) -> None:
    from bench.pictures import new_picture, save  # noqa: PLC0415  # matplotlib loads only where a picture is drawn

    deepest = max(depth for depth, *_ in boxes)
    figure, axes = new_picture(12, 0.9 + 0.24 * (deepest + 1))
    for depth, left, width, name in boxes:
        colour = next(colour for package, colour in COLOURS.items() if name.startswith(package))
        axes.barh(-depth, width, left=left, height=0.94, color=_shaded(colour, name), edgecolor="white", linewidth=0.4)
        label = _short(name)[: int(width / LETTER)]
        if len(label) > 2:
            axes.text(left + 0.001, -depth, label, va="center", fontsize=6.5, clip_on=True)
    axes.set_xlim(0, 1)
    axes.set_ylim(-deepest - 0.6, 0.6)
    axes.axis("off")
    axes.set_title(title, fontsize=9, loc="left")
    save(figure, file)


def _short(name: str) -> str:
    """`rules.reading.pir.find_pirs` is `pir.find_pirs`."""
    module, _, function = name.rpartition(".")
    return f"{module.rpartition('.')[2]}.{function}"


def _shaded(colour: str, name: str) -> str:
    """A little lighter or darker by its name, so that neighbours differ."""
    shade = 0.9 + crc32(name.encode()) % 20 / 100
    parts = (min(255, round(int(colour[at : at + 2], 16) * shade)) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)
