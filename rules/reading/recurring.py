"""What short texts gave is remembered: subjects, module names, towns and counties recur in mail after mail."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol, TypeVar

from rules.catalogue import Catalogue

SHORT = 60  # characters; what is longer is hardly ever written twice
REMEMBERED = 512

Found_co = TypeVar("Found_co", covariant=True)


class Finder(Protocol[Found_co]):
    """Finds something in a text, or in the content of a field that asks for it."""

    def __call__(self, text: str, catalogue: Catalogue, *, in_field: bool = False) -> Found_co: ...


def remembering_short_texts(find: Finder[Found_co]) -> Finder[Found_co]:
    """The same finder; what it found must not change, as it is handed out again."""
    known = lru_cache(maxsize=REMEMBERED)(find)

    def found(text: str, catalogue: Catalogue, *, in_field: bool = False) -> Found_co:
        return (known if len(text) <= SHORT else find)(text, catalogue, in_field=in_field)

    found.__doc__, found.__name__ = find.__doc__, "remembered"
    return found
