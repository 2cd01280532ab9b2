"""What words and short texts gave is remembered: subjects, names, towns and closing lines recur in mail after mail."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

SHORT = 60  # characters: a subject, a county, a module's name; what is longer is hardly ever written twice
REMEMBERED = 512
WORDS_KNOWN = 20_000

P = ParamSpec("P")
R = TypeVar("R")
V = TypeVar("V")
_OfText = Callable[Concatenate[str, P], R]


def remember_short(longest: int = SHORT, number: int = REMEMBERED) -> Callable[[_OfText[P, R]], _OfText[P, R]]:
    """A function of a text that remembers what the last `number` texts of at most `longest` characters gave.

    Its other arguments are compared, too. What it gives must not change, as it is handed out again.
    """

    def remembering(find: _OfText[P, R]) -> _OfText[P, R]:
        known = lru_cache(maxsize=number)(find)

        @wraps(find)
        def found(text: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
            return (known if len(text) <= longest else find)(text, *args, **kwargs)

        return found

    return remembering


class Known(dict[str, V]):
    """What a word may be: found once, then remembered for the next mails."""

    def __init__(self, find: Callable[[str], V]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, norm: str) -> V:
        found = self._find(norm)
        if len(self) < WORDS_KNOWN:
            self[norm] = found
        return found
