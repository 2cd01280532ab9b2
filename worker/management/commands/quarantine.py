"""`aspoktatas quarantine`: mails that could not be processed."""

from __future__ import annotations

import sys
from typing import Any

from worker.management.command import CommandError, CommandParser, OperatorCommand
from worker.models import Mail
from worker.services.quarantine import quarantined, retry


class Command(OperatorCommand):
    """Lists, shows and retries quarantined mails."""

    help = "Mails that could not be processed: list them, show one, put one or all back in line."

    def add_arguments(self, parser: CommandParser) -> None:
        """Three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="list|show|retry")
        verbs.add_parser("list", help="one line a mail: id, when, attempts, reason")
        show = verbs.add_parser("show", help="reason, traceback and, with --raw, the mail itself")
        show.add_argument("id", type=int)
        show.add_argument("--raw", action="store_true", help="write the mail's bytes to standard output instead")
        again = verbs.add_parser("retry", help="put mails back in line")
        again.add_argument("id", type=int, nargs="*")
        again.add_argument("--all", action="store_true", help="every mail in quarantine")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        if options["verb"] == "list":
            self._list()
        elif options["verb"] == "show":
            self._show(options["id"], raw=options["raw"])
        else:
            self._retry(options["id"], everything=options["all"])

    def _list(self) -> None:
        number = 0
        for mail in quarantined().iterator():
            number += 1
            self.stdout.write(f"{mail.pk:>8}  {mail.stored_at:%Y-%m-%d %H:%M}  {mail.attempts}x  {mail.failure}")
        self.stderr.write(f"{number} in quarantine")

    def _show(self, mail_id: int, *, raw: bool) -> None:
        mail = quarantined().filter(pk=mail_id).first()
        if mail is None:
            raise CommandError(f"no mail {mail_id} in quarantine; `aspoktatas quarantine list` shows them")
        if raw:
            sys.stdout.buffer.write(mail.raw)
            return
        self.stdout.write(f"mail {mail.pk} in {place(mail)}, {mail.size} bytes, stored {mail.stored_at:%Y-%m-%d %H:%M}")
        self.stdout.write(f"reason: {mail.failure}\n\n{mail.trace}")

    def _retry(self, ids: list[int], *, everything: bool) -> None:
        if not ids and not everything:
            raise CommandError("name one or more ids, or --all")
        number = retry(None if everything else ids)
        if ids and number < len(set(ids)):
            raise CommandError(f"{number} of {len(set(ids))} put back in line: the others are not in quarantine")
        self.stdout.write(f"{number} put back in line")


def place(mail: Mail) -> str:
    """Where the mail lies: folder and UID."""
    return f"{mail.filed_to or mail.folder} (UID {mail.uid} of {mail.folder})"
