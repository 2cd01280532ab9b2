"""What was written since somebody last looked, without a clock: the keys that no row that he saw had.

Keys are given out in order, but rows can be seen only when their transaction has ended, so a smaller key may come to
light after a larger one. Whoever looks remembers the stretches of keys that he has not seen: those that other
transactions hold (or gave up) and all that come after the last one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import TypeAlias

from django.db.models import Model, Q

Stretch: TypeAlias = "Sequence[int | None]"  # first and last key; the last is None where there is no end

IN_FLIGHT = 10_000  # so many keys back a transaction may still be under way when somebody looks for the first time
MOST = 200  # stretches; what older ones lack was given up long ago


def nothing_seen(model: type[Model]) -> list[Stretch]:
    """To begin with: all that comes, and the last IN_FLIGHT keys."""
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    return [(max(1, last - IN_FLIGHT), None)]


def among(unseen: Iterable[Stretch]) -> Q:
    """The condition that a row's key lies in one of these."""
    return reduce(or_, (Q(pk__gte=first) if last is None else Q(pk__range=(first, last)) for first, last in unseen))


def without(unseen: Iterable[Stretch], seen: Iterable[int]) -> list[Stretch]:
    """What is left of `unseen` when these keys were seen."""
    keys, left = sorted(set(seen)), list[Stretch]()
    for first, last in unseen:
        start = first or 0
        for key in keys[bisect_left(keys, start) : None if last is None else bisect_right(keys, last)]:
            if key > start:
                left.append((start, key - 1))
            start = key + 1
        if last is None or start <= last:
            left.append((start, last))
    return left[-MOST:]
