"""How an attempt to send a mail ends: the words for it, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST_ANSWER = 280


class Result(StrEnum):
    """What became of an attempt."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"  # it did not go out; later it may
    PERMANENT = "permanent"  # it did not go out and will not
    UNKNOWN = "unknown"  # it may have gone out


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome with the server's words. `server_trouble`: the server refuses everybody, not just this mail.

    `refused` are recipients that were refused for good while others were accepted.
    """

    result: Result
    answer: str
    refused: tuple[str, ...] = ()
    server_trouble: bool = False


def in_trouble(answer: str) -> Delivery:
    """The server, not the mail, is the reason why it did not go out."""
    return Delivery(Result.TEMPORARY, answer, server_trouble=True)


def words(said: bytes | str) -> str:
    """A server's words in one line of bounded length."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:LONGEST_ANSWER]
