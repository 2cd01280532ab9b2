"""Record the case: the conversation of a mail, the requests it begins, completes or takes back.

Part of the transaction of `record`. A request of the case is written by its version: where a person was faster,
ChangeRefusedError undoes all that was written with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models.functions import Now

from registry.models import Registration, RegistrationStatus
from registry.services.complete import complete, take_back_by_requester
from registry.services.snooze import wake
from rules.model import Field, Kind, Person, ReplyKind
from worker.models import UNSENT, Conversation, Event, LinkedBy, Mail, MailState, Reply, ReplyState
from worker.services.judged_rows import EVIDENT, request_columns, request_row
from worker.services.judgement import Found, Judged
from worker.services.record_rows import Entry


class Cases:
    """What becomes of the cases of a group's mails, each as it stands by then."""

    def __init__(self, judged: Iterable[Judged]) -> None:
        """Two statements at most, whatever the number of mails."""
        told = list(judged)
        self._snoozed = _find_snoozed({one for each in told for one in _conversations(each.found)})
        self._unsent = _find_unsent({one.found.case.conversation for one in told if _changes(one) and one.found.case})

    def follow(self, entry: Entry, *, is_known: bool) -> None:
        """Add to `entry` what its verdict means for its case. Raises ChangeRefusedError.

        `is_known`: the ledger may have requests of the mail already.
        """
        mail = entry.mail
        self._link(entry)
        if mail.twin_of is None or mail.twin_of.state == MailState.FAILED:
            there = dict(mail.registrations.values_list("position", "status")) if is_known else {}
            self._complete(entry)
            _begin_requests(entry, there)

    def _link(self, entry: Entry) -> None:
        """The conversation of the mail, opened where it begins one, and how that is known; machines' begin none."""
        mail, found = entry.mail, entry.judged.found
        is_machines = found.verdict.kind is Kind.AUTOMATIC
        entry.linked_by = found.linked_by
        if found.case is not None:
            entry.conversation = found.case.conversation
            if mail.twin_of_id is None:
                details = {"conversation": entry.conversation, "linked_by": found.linked_by.value}
                entry.before.append(Event(verb="linked", mail=mail, details=details))
            if not is_machines:  # an answer: whoever put the case aside wants to know
                self._wake(entry.conversation, mail)
        elif is_machines:
            entry.linked_by = mail.linked_by if mail.linked_by == LinkedBy.STAFF else ""
        else:
            if found.suspects is not None:
                self._wake(found.suspects, mail)
                _tell_of_stranger(mail, found.suspects)
            entry.opened = Conversation()

    def _wake(self, conversation: int, mail: Mail) -> None:
        if conversation in self._snoozed:
            wake(conversation, mail.pk)

    def _complete(self, entry: Entry) -> None:
        """Changes and withdrawals of the case's requests."""
        mail, judged = entry.mail, entry.judged
        rows = judged.found.case.rows if judged.found.case else ()
        entry.completions = [take_back_by_requester(rows[place], mail.pk) for place in judged.settled.withdrawals]
        for place in judged.settled.changes:
            entry.completions.append(complete(rows[place], mail.pk, _completed(rows[place], judged, place, mail.pk)))
            if rows[place].status == RegistrationStatus.EXPIRED:  # the answer came late, and it came
                Conversation.objects.filter(mails=rows[place].mail).update(closed_at=None)
        if _changes(judged):
            self._discard_outdated(entry)

    def _discard_outdated(self, entry: Entry) -> None:
        """Our letters that have not left ask for what is given now."""
        case = entry.judged.found.case
        for letter in self._unsent.get(case.conversation, ()) if case is not None else ():
            unsent = Reply.objects.filter(pk=letter.pk, state=letter.state, lease_token__isnull=True)
            if letter.mail_id != entry.mail.pk and unsent.update(state=ReplyState.DISCARDED):
                details = {"by_mail": entry.mail.pk}
                entry.after.append(Event(verb="reply_discarded", mail_id=letter.mail_id, reply=letter, details=details))


def _changes(judged: Judged) -> bool:
    return bool(judged.settled.changes or judged.settled.withdrawals)


def _conversations(found: Found) -> list[int]:
    """Those in which somebody may wait for this very mail."""
    of_case = found.case.conversation if found.case is not None else None
    return [one for one in (of_case, found.suspects) if one is not None]


def _find_snoozed(conversations: Collection[int]) -> set[int]:
    if not conversations:
        return set()
    rows = Registration.objects.filter(mail__conversation__in=conversations, snoozed_until__gt=Now())
    return {key for key in rows.values_list("mail__conversation", flat=True) if key is not None}


def _find_unsent(conversations: Collection[int]) -> dict[int, list[Reply]]:
    """Letters of the worker's that ask for something and that nobody has yet."""
    found: dict[int, list[Reply]] = {}
    if conversations:
        letters = Reply.objects.filter(mail__conversation__in=conversations, kind=ReplyKind.MISSING.value)
        letters = letters.filter(author__isnull=True, state__in=UNSENT, lease_token__isnull=True).order_by("pk")
        for letter in letters.only("state", "mail__conversation").select_related("mail"):
            found.setdefault(letter.mail.conversation_id or 0, []).append(letter)
    return found


def _tell_of_stranger(mail: Mail, conversation: int) -> None:
    """Staff see it at the mail and at the requests that it points at."""
    details = {"conversation": conversation}
    Event.objects.create(verb="stranger_answered", mail=mail, details=details)
    for registration in Registration.objects.filter(mail__conversation=conversation):
        Event.objects.create(
            verb="stranger_answered",
            mail_id=registration.mail_id,
            registration=registration,
            details={**details, "by_mail": mail.pk},
        )


def _completed(row: Registration, judged: Judged, place: int, mail: int) -> dict[str, Any]:
    """The columns of the case's request at `place` as the mail leaves them."""
    verdict, dumped = judged.settled.verdict, judged.dump.get("people", [])
    before = judged.found.earlier.people[place] if judged.found.earlier else Person()
    fields = dumped[place] if place < len(dumped) else {}
    evidence = _merged_evidence(row, before, verdict.people[place], fields, mail)
    return {**request_columns(verdict.people[place], verdict), "evidence": evidence}


def _begin_requests(entry: Entry, there: Mapping[int, str]) -> None:
    """Requests of people who are new to the case; `there` are the mail's own as the ledger has them, by position."""
    mail, judged = entry.mail, entry.judged
    verdict, dumped = judged.settled.verdict, judged.dump.get("people", [])
    taken, known = set(there), {place for place in there if there[place] != RegistrationStatus.WITHDRAWN}
    new: dict[int, Registration] = {}
    for place in range(verdict.continues, len(verdict.people)):
        if place in known:  # a person made it while the mail was in quarantine
            continue
        fields = dumped[place] if place < len(dumped) else {}
        position = place if place not in taken else max(taken) + 1
        taken.add(position)
        new[place] = request_row(mail, position, verdict.people[place], verdict, fields)
    entry.requests = list(new.values())
    for double in judged.doubles:
        if double.person in new:
            details = {"registration": double.registration, "sure": double.sure}
            entry.after.append(Event(verb="same_request", mail=mail, registration=new[double.person], details=details))


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
