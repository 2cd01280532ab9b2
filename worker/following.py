"""Following one mail: which mail the code at work is busy with, for everything that reports of it.

A mail's number in the ledger is what it is followed by. Wherever the line works on a mail it says so with `following`,
and every log line that is written inside (by whatever library, in whichever process) carries that number, as do the
errors that are reported (worker.error_reports) and the spans of the mail's trace (worker.tracing). Numbers and words of
ours only, never a word of anybody's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from worker import tracing

KEYS = ("mail", "reply", "request", "conversation", "result", "folder", "replay")

_NOTHING: Mapping[str, int] = {}
_NO_SPAN = nullcontext()
_in_hand: ContextVar[Mapping[str, int]] = ContextVar("in_hand", default=_NOTHING)


def in_hand() -> Mapping[str, int]:
    """What is being worked on, by KEYS."""
    return _in_hand.get()


@contextmanager
def following(step: str, mail: int, **others: int) -> Iterator[None]:
    """Have `mail`, and what else is named (by KEYS), in hand while the block takes `step` with it."""
    keys = {**_in_hand.get(), "mail": mail, **others}
    token = _in_hand.set(keys)
    try:
        with tracing.span(step, keys) if tracing.is_on() else _NO_SPAN:
            yield
    finally:
        _in_hand.reset(token)


@contextmanager
def nothing_in_hand() -> Iterator[None]:
    """Work that begins with nothing; what `take_in_hand` adds is put down at its end."""
    token = _in_hand.set(_NOTHING)
    try:
        yield
    finally:
        _in_hand.reset(token)


def take_in_hand(**keys: int) -> None:
    """From here on, to the end of `nothing_in_hand`, it is about these too."""
    _in_hand.set({**_in_hand.get(), **keys})


def followed(step: str, mails: Collection[int], began: int) -> None:
    """`mails` took `step` together, from `began` (time.time_ns) until now."""
    if tracing.is_on():
        tracing.spans(step, mails, began)


def note(**words: str) -> None:
    """What comes of the step that is being taken, in words of ours."""
    if tracing.is_on():
        tracing.note(words)
