"""How long the ledger keeps what names anybody: `ASPOKTATAS_RETAIN_…`, in days after the last thing that happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.variables import PREFIX, ConfigurationError, Variables

LONGEST = 36_500  # days
SHORTEST = 60  # days: the figures of a day are counted again for five weeks (worker.services.roll_up)
TWO_YEARS = 730


@dataclass(frozen=True)
class Retention:
    """Days, 0 for ever. `automatic`: machines' mails; `other`: mails without a request; the rest: closed requests.

    `nightly`: whether the worker purges by itself; else only a person does.
    """

    automatic: int = 90
    other: int = TWO_YEARS
    registered: int = TWO_YEARS
    rejected: int = TWO_YEARS
    withdrawn: int = TWO_YEARS
    expired: int = TWO_YEARS
    nightly: bool = False

    @property
    def by_status(self) -> Mapping[str, int]:
        """Days by the status in which a request ends; handed over counts as registered."""
        return {
            "exported": self.registered,
            "registered": self.registered,
            "rejected": self.rejected,
            "withdrawn": self.withdrawn,
            "expired": self.expired,
        }


def read_retention(read: Variables) -> Retention:
    """From the variables; raises ConfigurationError."""
    days = {
        "automatic": read.number("RETAIN_AUTOMATIC", 90, LONGEST),
        "other": read.number("RETAIN_OTHER", TWO_YEARS, LONGEST),
        "registered": read.number("RETAIN_REGISTERED", TWO_YEARS, LONGEST),
        "rejected": read.number("RETAIN_REJECTED", TWO_YEARS, LONGEST),
        "withdrawn": read.number("RETAIN_WITHDRAWN", TWO_YEARS, LONGEST),
        "expired": read.number("RETAIN_EXPIRED", TWO_YEARS, LONGEST),
    }
    for name, number in days.items():
        if 0 < number < SHORTEST:
            raise ConfigurationError(f"{PREFIX}RETAIN_{name.upper()}: must be at least {SHORTEST} days, or 0 for ever")
    return Retention(**days, nightly=read.choice("RETAIN_NIGHTLY", "off", ("on", "off")) == "on")
