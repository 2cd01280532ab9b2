"""Record: the transaction that writes verdicts and everything that follows from them, those of a group together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef

from registry.identity import identity
from registry.models import Registration
from rules.model import Kind
from worker.models import Control, Mail, MailState, Reply
from worker.services.bounces import link_bounce
from worker.services.budgets import PlannedReply, Purse, asked_for
from worker.services.cases import ANSWERS
from worker.services.controls import restored_at
from worker.services.find_thread import keys_of_letter
from worker.services.judged_rows import reply_row, sender_of, why_unwritten
from worker.services.judgement import Judged
from worker.services.looks import Key, Standing
from worker.services.record_case import Cases
from worker.services.record_rows import Entry, write_rows
from worker.services.replying import Voice
from worker.services.storable import storable_text

RECORDING = "recording"


def take_turn() -> None:
    """Wait until no other process records; holds to the transaction's end (SQLite lets one in at a time anyway)."""
    if Control.objects.select_for_update().filter(name=RECORDING).first() is None:
        Control.objects.get_or_create(name=RECORDING)
        Control.objects.select_for_update().get(name=RECORDING)


def record(judged: Sequence[tuple[Mail, Judged]], token: UUID, voice: Voice) -> tuple[list[Mail], list[Mail]]:
    """Write verdicts, requests, at most one reply a mail, and the events; returns what is written and what must be
    judged again because its case has changed.

    A mail of which the ledger has requests or letters already is written only where it is alone. One whose claim was
    lost is written no more, and counts as written. Raises ChangeRefusedError where staff change a request this very
    moment; must run in a transaction in which `take_turn` was called.
    """
    standing = Standing([one.looks for _, one in judged])
    held = _hold([mail.pk for mail, _ in judged], token)
    till = _Till({mail.pk: plan for mail, one in judged if (plan := _plan(mail, one, voice)) is not None}, voice)
    cases = Cases([one for _, one in judged])
    entries: list[Entry] = []
    done: list[Mail] = []
    again: list[Mail] = []
    for mail, one in judged:
        if not standing.holds(one.looks):
            again.append(mail)
            continue
        is_known = held.get(mail.pk, False)
        if is_known and len(judged) > 1:
            continue
        done.append(mail)
        if mail.pk in held:
            entry = till.make_entry(mail, one, is_known=is_known)
            cases.follow(entry, is_known=is_known)
            till.pay(entry)
            standing.change(_changes(entry))
            entries.append(entry)
    write_rows(entries, token, voice)
    for entry in entries:
        if entry.judged.settled.verdict.kind is Kind.AUTOMATIC:
            link_bounce(entry.mail, entry.judged.message)
    return done, again


class _Till:
    """Which of the planned replies are written."""

    def __init__(self, planned: Mapping[int, PlannedReply], voice: Voice) -> None:
        """`planned` by the mail's key."""
        self._planned, self._voice = planned, voice
        self._purse = Purse(planned.values())
        self._restored = restored_at() if planned else None

    def make_entry(self, mail: Mail, judged: Judged, *, is_known: bool) -> Entry:
        """The mail's, with the reply that it gets."""
        plan = self._planned.get(mail.pk)
        if plan is None:
            return Entry(mail, judged, why_unwritten(mail, judged, self._voice), None)
        withheld = self._over_budget(mail, plan, is_known=is_known)
        return Entry(mail, judged, withheld, None if withheld else reply_row(mail, judged, self._voice, self._restored))

    def pay(self, entry: Entry) -> None:
        """Its reply counts from now on, and those that it makes idle do no longer."""
        case = entry.judged.found.case
        if entry.completions and case is not None:
            self._purse.discard(case.conversation)
        if entry.reply is not None:
            self._purse.spend(self._planned[entry.mail.pk], entry.reply)

    def _over_budget(self, mail: Mail, plan: PlannedReply, *, is_known: bool) -> str:
        if is_known and mail.replies.filter(author__isnull=True, kind__in=ANSWERS).exists():
            return "answered"  # decided again in another light: a mail is answered once
        exceeded = self._purse.exceeded(plan)
        return f"budget_{exceeded}" if exceeded else ""


def _hold(mails: Sequence[int], token: UUID) -> dict[int, bool]:
    """Of `mails` those that are still ours, locked, and whether the ledger has requests or letters of them."""
    requests = Registration.objects.filter(mail=OuterRef("pk"))
    known = Exists(requests) | Exists(Reply.objects.filter(mail=OuterRef("pk")))
    rows = Mail.objects.select_for_update(of=("self",)).filter(pk__in=mails, lease_token=token, state=MailState.STORED)
    rows = rows.annotate(known=ExpressionWrapper(known, BooleanField()))
    return {key: bool(is_known) for key, is_known in rows.values_list("pk", "known")}


def _plan(mail: Mail, judged: Judged, voice: Voice) -> PlannedReply | None:
    """The reply that would be written if the budgets allow it; None where none."""
    plan = judged.settled.verdict.reply
    if plan is None or judged.reply is None or why_unwritten(mail, judged, voice):
        return None
    return PlannedReply(
        sender=sender_of(judged),
        kind=plan.kind.value,
        asked=asked_for(judged.dump),
        thread=[*judged.message.references, *judged.message.in_reply_to],
        conversation=judged.found.case.conversation if judged.found.case else None,
        text=storable_text(judged.reply.text),
        replaces=bool(judged.settled.changes or judged.settled.withdrawals),
    )


def _changes(entry: Entry) -> set[Key]:
    """What other judgements may rest on and writing `entry` may change; rather too much than too little."""
    mail, case = entry.mail, entry.judged.found.case
    keys: set[Key] = {("mail", mail.pk), ("id", mail.message_id), ("sender", sender_of(entry.judged))}
    people = [(one.email, one.pir, one.full_name) for one in entry.requests]
    people += [
        (str(now["email"]), str(now["pir"]), str(now["full_name"]))
        for now in (one.columns for one in entry.completions)
    ]
    if case is not None:
        keys |= {("conversation", case.conversation), *(("sender", one) for one in case.trusted | case.writers)}
        people += [(row.email, row.pir, row.full_name) for row in case.rows]
    for email, pir, name in people:
        keys |= {("email", email), ("email", email.lower()), ("identity", identity(pir, name))}
    if entry.reply is not None:
        keys |= set(keys_of_letter(entry.reply.message_id))
    return keys
