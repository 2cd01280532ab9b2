"""The desks of all mailboxes, for one thread: a mailbox whose servers fail never keeps another from its turn."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection

from config.environment import Environment
from worker.mail.errors import MailError
from worker.services.alarm_round import AlarmRound
from worker.services.desk import TURN_S, Desk
from worker.services.judges import Judges
from worker.services.mailboxes import polled_lately
from worker.services.poll import PollResult
from worker.services.thinking import Thinking

log = logging.getLogger(__name__)


class Desks:
    """A desk for every mailbox. Not for several threads at once; `close` when done."""

    def __init__(
        self, environment: Environment, thinking: Thinking | None = None, judges: Judges | None = None
    ) -> None:
        """Nothing is loaded or connected before it is needed; `judges` as at Desk."""
        self.all = tuple(
            Desk(environment, thinking, account=account, judges=judges) for account in environment.accounts
        )
        self._alarms = AlarmRound(environment, environment.accounts)

    def poll(
        self, *, full: bool = False, only_late: bool = False, stored: Callable[[], None] = lambda: None
    ) -> tuple[PollResult, dict[str, MailError]]:
        """Poll one after the other: what they found in all, and what failed, by mailbox.

        `only_late`: where a watcher did so lately it is not done again.
        """
        found, failed = PollResult(), {}
        for desk in self.all:
            if desk.account.imap is None or (only_late and polled_lately(desk.account)):
                continue
            try:
                one = desk.poll(full=full, stored=stored)
            except MailError as error:
                failed[desk.account.mailbox] = error
                continue
            found = PollResult(found.stored + one.stored, found.vanished + one.vanished, found.skipped or one.skipped)
        return found, failed

    def working(self, failed: Collection[str]) -> list[Desk]:
        """The desks of the other mailboxes than those that `failed`."""
        return [desk for desk in self.all if desk.account.mailbox not in failed]

    def process(self, for_s: float = TURN_S) -> int:
        """Decide and deliver until nothing is due or `for_s` seconds are over; returns how many steps.

        A group of each mailbox at a time.
        """
        over = time.monotonic() + for_s
        steps = 0
        while done := sum(desk.decide() for desk in self.all) + sum(desk.deliver() for desk in self._working_first()):
            steps += done
            if time.monotonic() > over:
                break
        return steps

    def _working_first(self) -> list[Desk]:
        return sorted(self.all, key=lambda desk: desk.is_troubled)

    def file(self, *, at_once: bool = True) -> int:
        """File until nothing is due; returns how many mails were handled. A failing server is logged, not raised.

        Unless `at_once` a mailbox may wait for more of a backlog.
        """
        return sum(desk.file(at_once=at_once) for desk in self.all)

    def copy_sent(self) -> int:
        """Settle the copies in the Sent folders; returns how many. A failing server is logged."""
        return sum(desk.copy_sent() for desk in self.all)

    def look_after(self, *, at_once: bool = False) -> int:
        """Remind and close the cases that wait for an answer, where it is time to look; returns how many."""
        return self.all[0].look_after(at_once=at_once)

    def check_alarms(self) -> None:
        """Look once for what an operator must know of, at any mailbox, and tell it."""
        self._alarms.look()

    def close(self) -> None:
        """Close every connection."""
        for desk in self.all:
            desk.close()
