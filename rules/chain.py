"""The rules in their order, and what follows from them: the one place that decides (policy.md).

Every rule is asked and its answer kept, hit or miss; only then is it decided. A clerk should be able to read the
tuples below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rules.answers.absence import is_answer_nonetheless
from rules.answers.answer import Answer, read_answer
from rules.case import Case
from rules.catalogue import Catalogue
from rules.checks import (
    county,
    county_inferred,
    county_mismatch,
    email,
    email_invalid,
    email_not_personal,
    email_shared,
    email_unrelated,
    full_name,
    jegyzo_not_in_cc,
    jegyzo_unclear,
    modules,
    modules_partly_unknown,
    modules_unknown,
    municipality,
    municipality_unknown,
    pir,
    pir_contradicts_tax_number,
    pir_from_tax_number,
    pir_invalid,
    pir_of_another_body,
    unreadable_attachment,
)
from rules.guards import addressee, distrusted, sender, suppressed, unreadable
from rules.kinds import (
    absence,
    auto_submitted,
    automatic_subject,
    automatic_text,
    autoresponder,
    calendar,
    composed,
    envelope,
    loop,
    machine_sender,
    mailing_list,
    newsletter,
    own_mail,
    precedence,
    quarantine,
    report,
    ticket,
    wishes,
)
from rules.model import (
    Context,
    Finding,
    Kind,
    Message,
    Outcome,
    Person,
    ReplyKind,
    ReplyPlan,
    Status,
    Verdict,
)
from rules.reading.jegyzo import find_jegyzo
from rules.reading.request import Request, read_request
from rules.reply_plan import answer_to, copies, unanswered
from rules.statuses import lacks_data, with_findings

RULES_VERSION = "1"

# Any hit: a machine wrote it, or nobody to us in particular.
AUTOMATIC: tuple[Callable[[Message, Catalogue, Context], Finding], ...] = (
    own_mail.check,
    envelope.check,
    auto_submitted.check,
    report.check,
    calendar.check,
    loop.check,
    autoresponder.check,
    precedence.check,
    mailing_list.check,
    machine_sender.check,
    automatic_subject.check,
    automatic_text.check,
    ticket.check,
    quarantine.check,
    newsletter.check,
    absence.check,
)

# The first hit says what a person's mail is; without any it is `other`.
WISHES: tuple[tuple[Callable[[Request], Finding], Kind], ...] = (
    (wishes.answers_form, Kind.REGISTRATION),
    (wishes.says_nothing, Kind.OTHER),
    (wishes.asks_removal, Kind.OTHER),
    (wishes.asks_live_system, Kind.OTHER),
    (wishes.takes_back, Kind.OTHER),
    (wishes.complains, Kind.OTHER),
    (wishes.solicits, Kind.OTHER),
    (wishes.speaks_of_elsewhere, Kind.OTHER),
    (wishes.asks_registration, Kind.REGISTRATION),
    (wishes.reminder_never_comes, Kind.OTHER),
    (wishes.asks_password, Kind.PASSWORD),
    (wishes.hints_at_login, Kind.PASSWORD),
    (wishes.gives_data, Kind.REGISTRATION),
    (wishes.mentions_registration, Kind.REGISTRATION),
    (composed.introduces_worker, Kind.REGISTRATION),
    (composed.wants_training, Kind.REGISTRATION),
)

# Any hit: a person's mail, but no machine's answer to it; staff see it instead.
GUARDS: tuple[Callable[[Message, Catalogue, Context], Finding], ...] = (
    sender.check,
    suppressed.check,
    addressee.check,
    distrusted.check,
    unreadable.check,
)

# Asked of each person; a hit is a Problem (asked for in the reply) or a Note (for staff).
PERSON_CHECKS: tuple[Callable[[Case], Finding], ...] = (
    full_name.check,
    municipality.check,
    municipality_unknown.check,
    pir.check,
    pir_invalid.check,
    pir_from_tax_number.check,
    pir_contradicts_tax_number.check,
    pir_of_another_body.check,
    county.check,
    county_mismatch.check,
    county_inferred.check,
    email.check,
    email_invalid.check,
    email_not_personal.check,
    email_unrelated.check,
    email_shared.check,
    modules.check,
    modules_unknown.check,
    modules_partly_unknown.check,
    jegyzo_not_in_cc.check,
    jegyzo_unclear.check,
    unreadable_attachment.check,
)

OUTCOME_OF = {Status.READY: Outcome.ROUTE, Status.INCOMPLETE: Outcome.REPLY_MISSING, Status.REVIEW: Outcome.REVIEW}


def decide(message: Message, catalogue: Catalogue, context: Context = Context()) -> Verdict:  # noqa: B008  # frozen
    """The verdict on one mail. Pure, never raises on a Message, always the same for the same arguments."""
    version = f"{RULES_VERSION}+{catalogue.version}"
    automatic = [rule(message, catalogue, context) for rule in AUTOMATIC]
    hits = [finding for finding in automatic if finding.hit]
    if hits and not context.earlier:
        return _ignored(automatic, version)
    request = read_request(message, catalogue, context)
    answer = read_answer(message, request, catalogue, context)
    if hits and not is_answer_nonetheless(hits, answer, message, catalogue):
        return _ignored(automatic, version)
    asked = [(rule(request), kind) for rule, kind in WISHES]
    kind, reason = next(((kind, finding.code) for finding, kind in asked if finding.hit), (Kind.OTHER, "nothing_asked"))
    if answer:
        kind, reason = answer.kind_of(kind, reason, request)
        request = replace(request, people=answer.people, tax_pirs=answer.tax_pirs)
    guards = [rule(message, catalogue, context) for rule in GUARDS]
    findings = [*automatic, *(finding for finding, _ in asked), *guards, *(answer.findings if answer else ())]
    verdict = Verdict(kind, frozenset({Outcome.REVIEW}), reason, findings=tuple(findings), rules_version=version)
    if answer:
        verdict = replace(verdict, withdraws=answer.withdraws)
    if kind is Kind.PASSWORD:
        plan = ReplyPlan(ReplyKind.PASSWORD, answer_to(message))
        verdict = replace(verdict, outcomes=frozenset({Outcome.REPLY_PASSWORD}), reply=plan)
    elif kind is Kind.REGISTRATION:
        verdict = _judge_people(verdict, message, request, catalogue, context, answer)
    return unanswered(verdict) if any(finding.hit for finding in guards) else verdict


def _ignored(findings: Sequence[Finding], version: str) -> Verdict:
    """The verdict on what a machine wrote: the first sign of it decides."""
    reason = next(finding.code for finding in findings if finding.hit)
    outcomes = frozenset({Outcome.IGNORE})
    return Verdict(Kind.AUTOMATIC, outcomes, reason, findings=tuple(findings), rules_version=version)


def _judge_people(  # noqa: PLR0913, PLR0917  # a case more than `decide`
    verdict: Verdict,
    message: Message,
    request: Request,
    catalogue: Catalogue,
    context: Context,
    answer: Answer | None,
) -> Verdict:
    """The verdict on a registration: every check of every person, the statuses, the outcomes, the reply."""
    jegyzo = answer.jegyzo if answer else find_jegyzo(message, request.people, catalogue, context)
    unread = request.unread if request.points_at_attachment or request.says_nothing else ()
    wanted = answer.wanted if answer else request.people
    findings: list[Finding] = []
    people: list[Person] = []
    for index, person in enumerate(request.people):
        if answer and index in answer.withdraws:
            people.append(replace(person, problems=(), status=Status.REVIEW))
            continue
        missing_data = unread if lacks_data(person) else ()
        case = Case(index, wanted, jegyzo, catalogue, context, missing_data, request.tax_pirs)
        found = [check(case) for check in PERSON_CHECKS]
        found = answer.judged(index, found) if answer else found
        findings += found
        people.append(with_findings(person, found))
    outcomes = frozenset(OUTCOME_OF[person.status] for person in people)
    reply = None
    if Outcome.REPLY_MISSING in outcomes:
        reply = ReplyPlan(
            ReplyKind.MISSING, answer_to(message), copies(message, jegyzo, seen_earlier=answer is not None)
        )
    return replace(
        verdict,
        outcomes=outcomes,
        jegyzo=jegyzo,
        people=tuple(people),
        reply=reply,
        findings=(*verdict.findings, *findings),
        continues=answer.continues if answer else 0,
    )
