"""An invited person makes their login: once, with the role that the invitation names."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db import transaction

from staff.models import Invitation
from staff.roles import Role
from staff.services.change_role import write_role
from staff.services.invite import mark_used


class InvitationGoneError(Exception):
    """It was used, revoked or ran out in this moment."""


@transaction.atomic
def accept_invitation(invitation: Invitation, username: str, password: str) -> User:
    """The new login. Raises InvitationGoneError; IntegrityError where the name was taken in this moment."""
    last_name, _, first_name = invitation.name.partition(" ")
    user = User.objects.create_user(username, invitation.address, password, last_name=last_name, first_name=first_name)
    if not mark_used(invitation, user):
        raise InvitationGoneError
    write_role(user, Role(invitation.role), actor=invitation.invited_by)
    EmailAddress.objects.filter(email__iexact=invitation.address, user__is_active=False).delete()  # one login has it
    EmailAddress.objects.create(user=user, email=invitation.address, verified=True, primary=True)
    return user
