"""The one error of the readers of attachments."""

from __future__ import annotations


class UnreadableError(Exception):
    """Text cannot be got; a person must look. `reason` says why, in a few English words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
