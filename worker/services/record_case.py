"""Record the case: the conversation of a mail, the requests it begins, completes or takes back.

Part of the transaction of `record`. A request of the case is written by its version: where a person was faster,
OutdatedError undoes all of this mail's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from registry.models import Registration, RegistrationStatus
from registry.services.complete import complete, take_back_by_requester
from registry.services.snooze import wake
from rules.model import Field, Kind, Person, ReplyKind
from worker.models import UNSENT, Conversation, Event, LinkedBy, Mail, Reply, ReplyState
from worker.services.judged_rows import EVIDENT, request_columns, request_row
from worker.services.judgement import Judged


def link_to_case(mail: Mail, judged: Judged, events: list[Event]) -> tuple[int | None, str]:
    """The conversation of the mail, opened where it begins one, and how that is known; machines' mails begin none.

    What happened by that is added to `events`.
    """
    found = judged.found
    if found.case is not None:
        conversation = found.case.conversation
        if mail.twin_of_id is None:
            details = {"conversation": conversation, "linked_by": found.linked_by.value}
            events.append(Event(verb="linked", mail=mail, details=details))
        if found.verdict.kind is not Kind.AUTOMATIC:  # an answer: whoever put the case aside wants to know
            wake(conversation, mail.pk)
        return conversation, found.linked_by
    if found.verdict.kind is Kind.AUTOMATIC:
        return None, mail.linked_by if mail.linked_by == LinkedBy.STAFF else ""
    if found.suspects is not None:
        _tell_of_stranger(mail, found.suspects)
    return Conversation.objects.create().pk, found.linked_by


def _tell_of_stranger(mail: Mail, conversation: int) -> None:
    """Staff see it at the mail and at the requests that it points at."""
    wake(conversation, mail.pk)
    details = {"conversation": conversation}
    Event.objects.create(verb="stranger_answered", mail=mail, details=details)
    for registration in Registration.objects.filter(mail__conversation=conversation):
        Event.objects.create(
            verb="stranger_answered",
            mail_id=registration.mail_id,
            registration=registration,
            details={**details, "by_mail": mail.pk},
        )


def write_requests(mail: Mail, judged: Judged, dump: dict[str, Any]) -> None:
    """Rows for new people, changes and withdrawals of the case's. Raises OutdatedError."""
    verdict, dumped = judged.settled.verdict, dump.get("people", [])
    rows = judged.found.case.rows if judged.found.case else ()
    for place in judged.settled.withdrawals:
        take_back_by_requester(rows[place], mail.pk)
    for place in judged.settled.changes:
        before = judged.found.earlier.people[place] if judged.found.earlier else Person()
        values = request_columns(verdict.people[place], verdict)
        fields = dumped[place] if place < len(dumped) else {}
        values["evidence"] = _merged_evidence(rows[place], before, verdict.people[place], fields, mail.pk)
        complete(rows[place], mail.pk, values)
        if rows[place].status == RegistrationStatus.EXPIRED:  # the answer came late, and it came
            Conversation.objects.filter(mails=rows[place].mail).update(closed_at=None)
    if judged.settled.changes or judged.settled.withdrawals:
        _discard_outdated(mail, rows[0].mail.conversation_id)
    _begin_requests(mail, judged, dumped)


def _discard_outdated(mail: Mail, conversation: int | None) -> None:
    """Our letters that have not left ask for what is given now."""
    letters = Reply.objects.filter(mail__conversation=conversation, kind=ReplyKind.MISSING.value, author__isnull=True)
    for letter in letters.filter(state__in=UNSENT, lease_token__isnull=True).exclude(mail=mail):
        unsent = Reply.objects.filter(pk=letter.pk, state=letter.state, lease_token__isnull=True)
        if unsent.update(state=ReplyState.DISCARDED):
            Event.objects.create(
                verb="reply_discarded", mail_id=letter.mail_id, reply=letter, details={"by_mail": mail.pk}
            )


def _begin_requests(mail: Mail, judged: Judged, dumped: list[dict[str, Any]]) -> None:
    verdict = judged.settled.verdict
    places = range(verdict.continues, len(verdict.people))
    if not places:
        return
    there = dict(mail.registrations.values_list("position", "status"))
    taken, known = set(there), {place for place in there if there[place] != RegistrationStatus.WITHDRAWN}
    new: dict[int, Registration] = {}
    for place in places:
        if place in known:  # a person made it while the mail was in quarantine
            continue
        fields = dumped[place] if place < len(dumped) else {}
        position = place if place not in taken else max(taken) + 1
        taken.add(position)
        new[place] = request_row(mail, position, verdict.people[place], verdict, fields)
    Registration.objects.bulk_create(new.values())
    for double in judged.doubles:
        if double.person in new:
            details = {"registration": double.registration, "sure": double.sure}
            Event.objects.create(verb="same_request", mail=mail, registration=new[double.person], details=details)


def _merged_evidence(row: Registration, before: Person, after: Person, fields: dict[str, Any], mail: int) -> Any:
    """The row's evidence with that of the values which the mail gave; each of these says so (`mail`).

    `fields` is `after` as the ledger keeps it.
    """
    evidence = dict(row.evidence)
    for name in EVIDENT:
        old, new, dumped = getattr(before, name), getattr(after, name), fields.get(name)
        if isinstance(new, tuple):
            evidence[name] = _merged_list(row.evidence.get(name) or [], old, new, dumped or [], mail)
        elif new != old:
            evidence[name] = {**dumped, "mail": mail} if dumped else None
    return {name: value for name, value in evidence.items() if value or name == "unknown_modules"}


def _merged_list(
    kept: list[dict[str, Any]], old: Sequence[Field[str]], new: Sequence[Field[str]], dumped: list[Any], mail: int
) -> list[dict[str, Any]]:
    known = {one.get("value"): one for one in kept}
    merged = []
    for field, one in zip(new, dumped, strict=False):
        is_kept = field in old and field.value in known
        merged.append(known[field.value] if is_kept else {**one, "mail": mail})
    return merged
