"""Judge: what a mail means in the light of its case. Reads the ledger, writes nothing.

Our letter or its mark leads to the case, else the same request once more, else the writer's only open case. Only the
case's own may speak in it, and in its thread whom they copied: anybody else's mail goes to staff and nothing of the
case is told.
"""

from __future__ import annotations

from dataclasses import replace

from rules.model import Kind, Origin, Outcome, Status, Verdict
from worker.models import LinkedBy
from worker.services.budgets import SAME_THREAD
from worker.services.cases import CONTINUABLE, Case, moved_by_hand, speaks_for, with_copied
from worker.services.continuing import Settled, send_doubles_to_staff, settle, to_staff
from worker.services.find_case import Double, OpenCasesAsked, OriginalsCaseAsked, same_name
from worker.services.find_thread import points_somewhere, thread_of
from worker.services.judgement import Considered, Found, Judged, Sitting
from worker.services.known_people import gather_earlier
from worker.services.replying import Voice, compose
from worker.services.storable import storable_json
from worker.services.store import OVERSIZE
from worker.services.verdicts import dump_earlier

STRANGER, DISTRUSTED, SEVERAL_CASES = "stranger", "distrusted", "several_cases"
STATED = frozenset({Origin.OWN, Origin.SHARED})


def consider(sitting: Sitting) -> Considered:
    """What a mail means and what may be done of it. Whatever the rules raise passes through."""
    found = _find(sitting)
    settled, doubles = _settle(sitting, found)
    return Considered(sitting, found, settled, doubles)


def put_into_words(one: Considered, voice: Voice) -> Judged:
    """What the ledger keeps of it, and the letter that `voice` would send."""
    mail, message = one.sitting.mail, one.sitting.message
    dump = one.sitting.thinking.dump(one.found.verdict)
    if one.found.earlier:
        dump = {**dump, "earlier": dump_earlier(one.found.earlier)}
    reply = None
    if one.settled.verdict.reply is not None and mail.answerable and voice.mode != "off":
        last = _letters_before(one.found, one.settled) + 1 >= SAME_THREAD
        reply = compose(mail, message, one.settled.verdict, one.sitting.thinking.catalogue, voice, last=last)
    return Judged(
        message, one.found, one.settled, one.doubles, *storable_json(dump), reply=reply, looks=one.sitting.looks
    )


def _letters_before(found: Found, settled: Settled) -> int:
    """How many of our answers the case has; those that have not left are discarded where this mail changes it."""
    if found.case is None:
        return 0
    return found.case.answers - (found.case.unsent if settled.changes else 0)


def _find(one: Sitting) -> Found:
    mail = one.mail
    if mail.failure == OVERSIZE:
        return Found(of_headers_only(one.decide()))
    if mail.linked_by == LinkedBy.STAFF:
        if mail.conversation_id is None:
            return Found(one.decide(), linked_by=LinkedBy.STAFF)
        return _in_case(one, one.case(mail.conversation_id), LinkedBy.STAFF)
    return _like_original(one) or _in_thread(one) or _without_thread(one)


def of_headers_only(verdict: Verdict) -> Verdict:
    """What is made of the verdict on a mail of which only the headers were taken in: a machine's or staff's."""
    if verdict.kind is Kind.AUTOMATIC:
        return verdict
    return Verdict(Kind.OTHER, frozenset({Outcome.REVIEW}), OVERSIZE, rules_version=verdict.rules_version)


def _like_original(one: Sitting) -> Found | None:
    """A mail that came twice belongs where it belonged the first time."""
    twin = one.mail.twin_of_id
    original = one.looks.ask(OriginalsCaseAsked(twin)) if twin is not None else None
    if original is None:
        return None
    case, linked_by = one.case(original[0]), LinkedBy(original[1])
    return Found(one.decide(), case, linked_by) if linked_by == LinkedBy.OPENED else _in_case(one, case, linked_by)


def _in_thread(one: Sitting) -> Found | None:
    thread = one.looks.ask(thread_of(one.mail, one.message)) if points_somewhere(one.message) else None
    if thread is None:
        return None
    case = one.case(thread.conversation)
    if speaks_for(one.message, case) or speaks_for(one.message, with_copied(case, one.thinking.parse)):
        return _in_case(one, case, thread.linked_by)
    return _strange(one, case, thread.linked_by, STRANGER) if thread.ours else None


def _in_case(one: Sitting, case: Case, linked_by: LinkedBy) -> Found:
    earlier = gather_earlier(case.rows) if case.rows else None
    verdict = one.decide(earlier)
    if (verdict.continues or verdict.withdraws) and linked_by != LinkedBy.STAFF and _is_distrusted(verdict):
        return _strange(one, case, linked_by, DISTRUSTED)
    return Found(verdict, case, linked_by, earlier)


def _strange(one: Sitting, case: Case, linked_by: LinkedBy, why: str) -> Found:
    """Somebody else's mail: judged by itself, for staff. A machine's answer to our letter is no stranger's."""
    verdict = one.decide()
    if verdict.kind is Kind.AUTOMATIC:
        return Found(verdict, case, linked_by)
    return Found(verdict, staff=why, suspects=case.conversation)


def _without_thread(one: Sitting) -> Found:
    verdict = one.decide()
    if verdict.kind not in {Kind.REGISTRATION, Kind.OTHER} or _is_distrusted(verdict):
        return Found(verdict)
    doubles = one.doubles(verdict.people)
    sure = [double for double in doubles if double.sure and double.status in CONTINUABLE]
    known = {double.conversation for double in sure if double.conversation is not None}
    if len(known) == 1:
        case = one.case(known.pop())
        if speaks_for(one.message, case):
            found = _in_case(one, case, LinkedBy.SAME_REQUEST)
            return found if found.verdict.continues or found.verdict.withdraws else Found(verdict)
    return (_for_open_case(one, verdict) if not doubles else None) or Found(verdict)


def _for_open_case(one: Sitting, alone: Verdict) -> Found | None:
    """The writer's only open case, where the mail is no whole request itself and gives what was asked for there.

    Where several are open and it fits one, a person must say which is meant.
    """
    sender = one.message.from_[0].address.lower() if one.message.from_ else ""
    if any(person.status is Status.READY for person in alone.people):
        return None
    if one.looks.supposed is not None:
        one.looks.supposed.newcomer(sender)
        return None
    conversations = one.looks.ask(OpenCasesAsked(sender))
    cases = [one.case(conversation) for conversation in conversations]
    cases = [case for case in cases if speaks_for(one.message, case) and not _names_others(alone, case)]
    found = [_in_case(one, case, LinkedBy.SENDER) for case in cases]
    fitting = [one for one in found if _fits(one)]
    if not fitting:
        return None
    withdraws = any(one.verdict.withdraws for one in fitting)
    if sum(case.is_open if withdraws else case.waits for case in cases) > 1:
        return Found(alone, staff=SEVERAL_CASES)
    return fitting[0]


def _names_others(verdict: Verdict, case: Case) -> bool:
    """Whether the mail by itself is about more people than the case, or about somebody else."""
    known = [person.full_name for person in gather_earlier(case.rows).people]
    named = [person.full_name for person in verdict.people if person.full_name and person.full_name.origin in STATED]
    strangers = [name for name in named if not any(same_name(name, other) for other in known)]
    return len(verdict.people) > len(known) or (bool(strangers) and None not in known)


def _fits(found: Found) -> bool:
    """Whether the mail takes the case back or gives something that was asked for, and brings nobody new."""
    verdict, earlier = found.verdict, found.earlier
    if found.staff or earlier is None or len(verdict.people) > verdict.continues:
        return False
    pairs = list(zip(earlier.people, verdict.people, strict=False))[: verdict.continues]
    gives = any(
        before.status is Status.INCOMPLETE and set(before.problems) - set(after.problems) for before, after in pairs
    )
    return bool(verdict.withdraws) or gives


def _settle(one: Sitting, found: Found) -> tuple[Settled, tuple[Double, ...]]:
    if found.staff:
        return Settled(to_staff(found.verdict), staff=found.staff), ()
    settled = Settled(found.verdict)
    rows = found.case.rows if found.case else ()
    if found.case is not None and found.earlier is not None:
        by_hand = one.looks.ask(moved_by_hand(rows))
        settled = settle(found.verdict, found.case, found.earlier, by_hand)
    new = settled.verdict.people[settled.verdict.continues :]
    if not new:
        return settled, ()
    keys = [row.pk for row in rows]
    places = settled.verdict.continues
    doubles = tuple(replace(double, person=double.person + places) for double in one.doubles(new, keys))
    return replace(settled, verdict=send_doubles_to_staff(settled.verdict, doubles)), doubles


def _is_distrusted(verdict: Verdict) -> bool:
    return any(finding.hit and finding.rule == DISTRUSTED for finding in verdict.findings)
