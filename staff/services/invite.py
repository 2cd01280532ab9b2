"""Invitations: a letter with a link that lets one person make a login, once and within three days."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from staff.models import Invitation
from staff.roles import Role
from worker.models import Event

VALID_FOR = timedelta(hours=72)
KEPT_FOR = timedelta(days=90)  # names and addresses of people who never came
Post = Callable[[Invitation, str], bool]  # the invitation and the link's secret part; whether the letter was taken


class AddressTakenError(Exception):
    """Somebody with this address has a login already."""


def open_invitations() -> QuerySet[Invitation]:
    """Those that may still be used."""
    return Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


def find_invitation(secret: str) -> Invitation | None:
    """The open invitation whose link this is."""
    return open_invitations().filter(digest=_digest(secret)).first()


def invite(address: str, name: str, role: Role, actor: User | None, post: Post) -> Invitation:
    """Write the invitation, then send its letter; an earlier open one of this address ends.

    `sent_at` of the result says whether the letter went out. Raises AddressTakenError.
    """
    if User.objects.filter(email__iexact=address, is_active=True).exists():
        raise AddressTakenError
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Invitation.objects.filter(used_at__isnull=True, expires_at__lt=timezone.now() - KEPT_FOR).delete()
        open_invitations().filter(address__iexact=address).update(revoked_at=Now())
        invitation = Invitation.objects.create(
            address=address,
            name=name,
            role=role,
            digest=_digest(secret),
            invited_by=actor,
            expires_at=timezone.now() + VALID_FOR,
        )
        details = {"invitation": invitation.pk, "role": role.value}
        Event.objects.create(actor=actor, verb="invited", details=details)
    _send(invitation, secret, post)
    return invitation


def send_again(invitation: Invitation, actor: User | None, post: Post) -> bool:
    """The letter once more with a new link; the old one is dead. Whether it went out."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        waiting = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, revoked_at__isnull=True)
        values = {"digest": _digest(secret), "expires_at": timezone.now() + VALID_FOR, "sent_at": None}
        if waiting.update(**values) != 1:
            return False
        Event.objects.create(actor=actor, verb="invited_again", details={"invitation": invitation.pk})
    return _send(invitation, secret, post)


def revoke_all_of(inviter: User, actor: User | None) -> None:
    """End the invitations of whoever may invite no more; whom they still want, others invite anew."""
    for invitation in open_invitations().filter(invited_by=inviter):
        revoke(invitation, actor)


@transaction.atomic
def revoke(invitation: Invitation, actor: User | None) -> bool:
    """End it; whether it was open."""
    open_ones = Invitation.objects.filter(Q(pk=invitation.pk), used_at__isnull=True, revoked_at__isnull=True)
    if open_ones.update(revoked_at=Now()) != 1:
        return False
    Event.objects.create(actor=actor, verb="invitation_revoked", details={"invitation": invitation.pk})
    return True


def mark_used(invitation: Invitation, user: User) -> bool:
    """Once: whether it was this call. Must run in the transaction that makes the login."""
    waiting = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, revoked_at__isnull=True)
    if waiting.update(used_at=Now(), user=user) != 1:
        return False
    Event.objects.create(actor=user, verb="invitation_accepted", details={"invitation": invitation.pk})
    return True


def _send(invitation: Invitation, secret: str, post: Post) -> bool:
    sent = post(invitation, secret)
    if sent:
        Invitation.objects.filter(pk=invitation.pk).update(sent_at=Now())
        invitation.refresh_from_db(fields=["sent_at"])
    return sent


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
