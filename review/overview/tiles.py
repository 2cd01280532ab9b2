"""The numbers at the top of the overview, each with the same of the period before. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from review.labels import label
from review.overview.charts import Data
from review.overview.drawing import written
from review.overview.sums import Figures, count, median_answer, share_agreed, share_complete


@dataclass(frozen=True, slots=True)
class Tile:
    """`code` names it, both sides as text; `before` is "" where nothing is held against it."""

    code: str
    now: str
    before: str = ""


def make_tiles(data: Data) -> list[Tile]:
    """In their order on the page."""
    queue = data.now.get("queue", {})
    waiting = sum(number for buckets in queue.values() for number in buckets.values())
    return [
        Tile("arrivals", written(count(data.now, "arrivals")), written(count(data.before, "arrivals"))),
        Tile("median_answer", _median(data.now), _median(data.before)),
        Tile("complete", _share(share_complete(data.now)), _share(share_complete(data.before))),
        Tile("agreed", _share(share_agreed(data.now)), _share(share_agreed(data.before))),
        Tile("open", written(waiting)),
    ]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{written(round(value))}%"


def _median(figures: Figures) -> str:
    bucket = median_answer(figures)
    return "–" if bucket is None else label("median_answer", bucket)
