"""A stretch of a mail's bytes that is copied only when somebody asks: attachments are large and seldom read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INK = re.compile(rb"\S")


@dataclass(slots=True)
class Span:
    """`whole[start:end]`."""

    whole: bytes
    start: int
    end: int

    @classmethod
    def of(cls, data: bytes) -> Span:
        """All of `data`."""
        return cls(data, 0, len(data))

    def __len__(self) -> int:
        return max(0, self.end - self.start)

    def copy(self) -> bytes:
        """The bytes themselves."""
        return self.whole[self.start : self.end]

    def head(self, size: int) -> bytes:
        """The first `size` bytes."""
        return self.whole[self.start : min(self.end, self.start + size)]

    def below(self, offset: int) -> Span:
        """What is left after the first `offset` bytes."""
        return Span(self.whole, min(self.end, self.start + offset), self.end)

    def view(self) -> memoryview:
        """The bytes for whoever only looks at them; a pattern finds in it what it would find in a copy."""
        return memoryview(self.whole)[self.start : self.end]

    def count(self, letter: bytes) -> int:
        """How often `letter` stands in it."""
        return self.whole.count(letter, self.start, self.end)

    @property
    def is_blank(self) -> bool:
        """Whether nothing but blanks stands in it."""
        return _INK.search(self.view()) is None
