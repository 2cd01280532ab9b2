"""Erase a person on request (GDPR 17): what was chosen is emptied, everybody else's data stays.

A copy of a mail cannot be erased in part: it goes as a whole, with the letters about it. Another person's request that
the same mail brought keeps its values and loses only the words it was read from; while that request is open, the mail
stays, and the erasure says so. The mail in the mailbox is the office's record, and not ours to erase.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from registry.models import Registration, RegistrationStatus
from registry.services.change import record_change
from registry.services.forget_person import forget_in_directories
from worker.models import UNSENT, Event, Mail, MailState, Reply, ReplyState, SentCopy
from worker.services.find_person import Holdings
from worker.services.purge_mail import forget_requests, purge_mails
from worker.services.record import take_turn
from worker.services.retain import OPEN, UNDER_WAY

REASONS = ("request", "unlawful", "not_needed")
ON_ITS_WAY = (ReplyState.SENDING, ReplyState.UNCERTAIN)


@dataclass(slots=True)
class Plan:
    """What erasing would meet. Only `open` can be waived, by withdrawing; all else must be settled first."""

    open: list[Registration] = field(default_factory=list)
    others_open: list[Registration] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    under_way: list[Mail] = field(default_factory=list)
    others: list[Registration] = field(default_factory=list)

    @property
    def is_blocked(self) -> bool:
        """Whether something must be settled first."""
        return bool(self.others_open or self.held or self.under_way)


class EraseRefusedError(Exception):
    """Nothing was erased; `plan` says why."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("something must be settled before")
        self.plan = plan


def plan_erasure(held: Holdings) -> Plan:
    """What stands in the way of erasing `held`, and whom else it touches."""
    mine, mails = {row.pk for row in held.registrations}, {one.mail.pk for one in held.mails}
    others = Registration.objects.filter(mail__in=mails).exclude(pk__in=mine).order_by("pk")
    own_mails = Mail.objects.filter(pk__in={*mails, *(row.mail_id for row in held.registrations)})
    letters = Reply.objects.filter(mail__in=mails, state__in=ON_ITS_WAY)
    not_done = own_mails.filter(pk__in=mails).exclude(state=MailState.FILED) | own_mails.filter(replies__in=letters)
    holds = own_mails.filter(conversation__legal_hold__gt="").values_list("conversation__legal_hold", flat=True)
    return Plan(
        open=[row for row in held.registrations if row.status in OPEN],
        others_open=list(others.filter(status__in=OPEN)),
        held=sorted(set(holds)),
        under_way=list(not_done.distinct().order_by("pk")),
        others=list(others),
    )


@transaction.atomic
def erase_person(held: Holdings, actor: User, why: str, *, withdraw: bool, address: str = "") -> dict[str, int]:
    """Erase what was chosen; returns how many of each. `why` is one of REASONS (ValueError).

    `address` is taken off the letters that went to it about other people's mails.

    Raises EraseRefusedError where the plan is blocked, or something is open and `withdraw` is False.
    """
    if why not in REASONS:
        raise ValueError(f"{why!r} is no reason")
    take_turn()
    plan = plan_erasure(held)
    if plan.is_blocked or (plan.open and not withdraw):
        raise EraseRefusedError(plan)
    for row in plan.open:
        record_change(row, actor, "withdrawn_for_erasure", {"status": RegistrationStatus.WITHDRAWN, "reviewer": actor})
    mails = [one.mail.pk for one in held.mails]
    _discard_letters(mails, actor)
    if Reply.objects.filter(mail__in=mails, state__in=UNDER_WAY).exists():  # the sender was faster
        raise EraseRefusedError(plan_erasure(held))
    spared = [row.pk for row in plan.others]
    number = purge_mails(mails, spare=spared)
    Registration.objects.filter(pk__in=spared).update(evidence={}, version=F("version") + 1)
    Registration.objects.filter(pk__in=[row.pk for row in held.as_clerk]).update(jegyzo_address="")
    _take_off_letters(held, address)
    known = (*(row.pk for row in (*held.accounts, *held.addresses)), *(row.address for row in held.clerks))
    forget_in_directories([*(str(one) for one in known), *([address.strip()] if held.as_clerk else [])])
    done = {
        "mails": number,
        "requests": forget_requests([row.pk for row in held.registrations]),
        "accounts": sum(row.delete()[0] for row in held.accounts),
        "clerks": sum(row.delete()[0] for row in held.clerks),
        "addresses": sum(row.delete()[0] for row in held.addresses),
        "others": len(spared),
        "as_clerk": len(held.as_clerk),
    }
    Event.objects.create(verb="person_erased", actor=actor, details={"why": why, **done})
    return done


def _take_off_letters(held: Holdings, address: str) -> None:
    """The letter stays with those whom it is about, without this recipient and without the bytes that name it."""
    for letter in held.copies:
        if letter.state in (ReplyState.SENT, ReplyState.DISCARDED):
            others = [one for one in letter.recipients if one.lower() != address.strip().lower()]
            Reply.objects.filter(pk=letter.pk, sent_copy=SentCopy.PENDING).update(sent_copy="")
            Reply.objects.filter(pk=letter.pk).update(recipients=others, data=b"")


def _discard_letters(mails: list[int], actor: User) -> None:
    for letter in Reply.objects.filter(mail__in=mails, state__in=(*UNSENT, ReplyState.FAILED)):
        if Reply.objects.filter(pk=letter.pk, state=letter.state).update(state=ReplyState.DISCARDED):
            Event.objects.create(actor=actor, verb="reply_discarded", mail_id=letter.mail_id, reply=letter)
