"""Pictures of the docs, drawn by matplotlib: one look, on a ground of their own, so that dark pages do them no harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt  # the engine is chosen first
from matplotlib.axes import Axes
from matplotlib.figure import Figure

LOOK: dict[Any, Any] = {
    "svg.fonttype": "none",  # letters, not their outlines: a fifth of the size
    "svg.hashsalt": "aspoktatas",  # the same picture from the same figures
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "text.color": "#1b1f24",
    "axes.labelcolor": "#1b1f24",
    "xtick.color": "#1b1f24",
    "ytick.color": "#1b1f24",
}
OURS, THEIRS, THIRD = "#1f6fb2", "#9aa5b1", "#d9822b"


def new_picture(width: float, height: float, panels: int = 1) -> tuple[Figure, Axes]:
    """A figure of so many inches and its axes (the first of `panels` side by side)."""
    plt.rcParams.update(LOOK)
    figure, axes = plt.subplots(1, panels, figsize=(width, height), squeeze=False)
    return figure, axes[0][0]


def save(figure: Figure, file: Path) -> None:
    """Write it without a date, so that the same figures give the same file."""
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None, "Creator": None} if file.suffix == ".svg" else {})
    plt.close(figure)
