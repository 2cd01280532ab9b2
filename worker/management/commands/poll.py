"""`aspoktatas poll --once`: everything that is due, once, in this process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from config.environment import ConfigurationError
from worker.mail.errors import MailError
from worker.management.command import CommandError, CommandParser, OperatorCommand
from worker.services.desk import Desk
from worker.services.desks import Desks
from worker.services.pending import count_pending_mails, count_pending_replies
from worker.services.sweep import sweep

PATIENCE_S = 150.0  # longer than a claim that a dead process left behind


class Command(OperatorCommand):
    """Takes every mailbox in, decides, replies and files until nothing is due."""

    help = "Takes in what is in the mailbox, decides, replies, files, until nothing is pending."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--once` is required: watching is the work of `run` and `watch`."""
        parser.add_argument("--once", action="store_true", required=True, help="take in what is there, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        """One round after the other until nothing is pending; progress to standard error."""
        desks = Desks(settings.ASPOKTATAS)
        try:
            Desk(settings.ASPOKTATAS).imap  # noqa: B018  # says what is missing before anything starts
            self._work(desks)
        except ConfigurationError as error:
            raise CommandError(str(error), returncode=2) from None
        finally:
            desks.close()

    def _work(self, desks: Desks) -> None:
        taken = filed = 0
        waited_since = time.monotonic()
        while True:
            sweep()
            found, failed = desks.poll(full=True, stored=lambda: self._say("taking mails in"))
            if failed and not desks.working(failed):
                raise CommandError(_told(failed))
            processed, moved = desks.process(), desks.file()
            taken, filed = taken + found.stored, filed + moved
            if found.stored or processed or moved:
                waited_since = time.monotonic()
                self._say(f"taken in {taken}, filed {filed}")
                continue
            waiting = count_pending_mails(elsewhere_than=failed)
            if not waiting and not found.skipped:
                break
            if time.monotonic() - waited_since > PATIENCE_S:
                raise CommandError(f"{waiting} mails could not be finished; the log says why, the next run tries again")
            time.sleep(0.2)  # a second attempt, or another process, has its time
        if waiting := desks.look_after(at_once=True):
            self._say(f"reminded or closed {waiting} cases that wait for an answer")
            desks.process()
        desks.copy_sent()
        replies = count_pending_replies()
        note = f", {replies} replies wait" if replies else ""
        self.stdout.write(f"taken in {taken}, filed {filed}{note}")
        if failed:
            raise CommandError(_told(failed))

    def _say(self, line: str) -> None:
        self.stderr.write(line)


def _told(failed: Mapping[str, MailError]) -> str:
    """One line; the mailboxes are named where there are several."""
    if len(settings.ASPOKTATAS.accounts) == 1:
        return "; ".join(str(error) for error in failed.values())
    return "; ".join(f"{mailbox}: {error}" for mailbox, error in failed.items())
