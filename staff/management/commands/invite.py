"""`aspoktatas invite`: the first administrator's invitation, and anybody's where the page cannot be reached."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from staff.invitation_letter import link_of, post_invitation
from staff.models import Invitation
from staff.roles import Role
from staff.services.invite import AddressTakenError, invite
from worker.management.command import CommandError, CommandParser, OperatorCommand


class Command(OperatorCommand):
    """Writes the invitation and sends its letter, or prints the link."""

    help = "Invite a colleague: a letter with a link, good for three days and once."

    def add_arguments(self, parser: CommandParser) -> None:
        """ADDRESS, --name, --role, --print."""
        parser.add_argument("address", help="the person's e-mail address")
        parser.add_argument("--name", required=True, help="family name first, as the log shall show it")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMINISTRATOR.value)
        parser.add_argument("--print", action="store_true", help="print the link instead of sending a letter")

    def handle(self, *_: Any, **options: Any) -> None:
        """Raises CommandError where the address is none or taken, or the letter did not go out."""
        address, name = options["address"], " ".join(options["name"].split())
        post = self._show if options["print"] else post_invitation
        try:
            validate_email(address)
            made = invite(address, name, Role(options["role"]), None, post)
        except ValidationError:
            raise CommandError(f"{address} is no e-mail address") from None
        except AddressTakenError:
            raise CommandError(f"somebody with {address} has a login already") from None
        if made.sent_at is None:
            raise CommandError("the letter did not go out (see `aspoktatas doctor`); --print shows a link instead")
        if not options["print"]:
            until = f"{made.expires_at:%Y-%m-%d %H:%M} UTC"
            self.stdout.write(f"invited {address} as {made.role}; the link is good until {until}")

    def _show(self, invitation: Invitation, secret: str) -> bool:
        self.stdout.write(link_of(secret))
        return True
