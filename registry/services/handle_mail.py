"""Handle: a mail that needed a person got one, or needs one again."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from registry.models import Handling, HandlingOutcome, Registration, RegistrationStatus
from registry.services.overruled import about_mail
from registry.services.refusals import OvertakenError
from rules.model import Kind
from worker.models import Event, Mail


@transaction.atomic
def finish_mail(mail_id: int, actor: User, outcome: HandlingOutcome) -> Handling:
    """Take the mail off the manual list; doing it twice keeps the first outcome."""
    handling, created = Handling.objects.get_or_create(mail_id=mail_id, defaults={"outcome": outcome, "actor": actor})
    if created:
        Mail.objects.filter(pk=mail_id).update(attended=True)
        Event.objects.create(actor=actor, verb="mail_finished", mail_id=mail_id, details={"outcome": outcome})
    return handling


@transaction.atomic
def reopen_mail(mail_id: int, actor: User) -> None:
    """Put the mail back on the manual list."""
    deleted, _ = Handling.objects.filter(mail_id=mail_id).delete()
    if deleted:
        Mail.objects.filter(pk=mail_id).update(attended=False)
        Event.objects.create(actor=actor, verb="mail_reopened", mail_id=mail_id)


@transaction.atomic
def open_registration(mail_id: int, actor: User, *, known: int) -> Registration:
    """Start an empty request for a person of this mail, for what the worker did not recognise as one.

    `known` is how many requests of the mail the caller saw; raises OvertakenError where there are more by now.
    """
    mail = Mail.objects.select_for_update().get(pk=mail_id)
    positions = list(Registration.objects.filter(mail=mail).values_list("position", flat=True))
    if len(positions) > known:
        raise OvertakenError(None)
    registration = Registration.objects.create(
        mail=mail, position=max(positions, default=-1) + 1, status=RegistrationStatus.REVIEW
    )
    registration.refresh_from_db()
    verdict = mail.verdict if isinstance(mail.verdict, dict) else {}
    missed = verdict and mail.kind != Kind.REGISTRATION  # a person asks for access where the worker saw none asked for
    said = about_mail(mail, str(verdict.get("reason", "")), "kind", "opened") if missed else {}
    Event.objects.create(
        actor=actor,
        verb="opened",
        mail=mail,
        registration=registration,
        details={"version": registration.version, "from": "", "to": registration.status, "changed": {}, **said},
    )
    return registration
