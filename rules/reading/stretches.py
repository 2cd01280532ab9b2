"""Things that stand in a text, asked by place: which of them lie over a stretch? A bisection, not a walk."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

FARTHEST = 500  # characters; what is longer is found from its first so many


class Placed(Protocol):
    """Anything with a first and a last character."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


T = TypeVar("T", bound=Placed)


class Stretches(Generic[T]):
    """Placed things in order of their beginnings."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = sorted(items, key=attrgetter("start"))
        self._starts = [item.start for item in self._items]
        self._reach = min(max([item.end - item.start for item in self._items], default=0), FARTHEST)

    def over(self, start: int, end: int) -> list[T]:
        """Those that share a character with `start`–`end`, in order."""
        first = bisect_left(self._starts, start - self._reach)
        found = []
        for item in self._items[first : bisect_left(self._starts, end)]:
            if item.start < end and start < item.end:
                found.append(item)
        return found

    def before(self, place: int) -> T | None:
        """The last that begins at `place` or before it."""
        at = bisect_left(self._starts, place + 1)
        return self._items[at - 1] if at else None
