"""Ending people's sessions, one or all, known to allauth's list or not."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from worker.models import Event


@transaction.atomic
def end_sessions(user: User, actor: User | None, *, but: str = "") -> int:
    """End all sessions of `user` except the one with the key `but`; returns how many.

    The list of devices may lack a session that began before there was one: all that are stored are looked at.
    """
    keys = set(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            keys.add(session.session_key)
    keys.discard(but)
    ended: int = Session.objects.filter(session_key__in=keys).delete()[0]
    UserSession.objects.filter(user=user).exclude(session_key=but).delete()
    if ended:
        Event.objects.create(actor=actor, verb="sessions_ended", details={"person": user.pk, "number": ended})
    return ended


@transaction.atomic
def end_session(user: User, pk: int) -> bool:
    """End the one of `user`'s own sessions that the list calls `pk`; whether there was one."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        return False
    row.end()
    Event.objects.create(actor=user, verb="sessions_ended", details={"person": user.pk, "number": 1})
    return True


def forget_expired_sessions() -> None:
    """Delete what nobody can use any more; at every login, so that nothing piles up."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
