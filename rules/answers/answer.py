"""An answer to our letter as a whole: what it adds to the case's people, whom it brings besides, whom it takes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.answers.asked import SINGLE, asked_slots, held
from rules.answers.clerk import ENOUGH, find_case_jegyzo, names_clerk
from rules.answers.people import read_people
from rules.answers.sources import form_sources, written_sources
from rules.answers.thread import Thread
from rules.answers.withdrawal import find_withdrawal
from rules.catalogue import Catalogue
from rules.findings import hit
from rules.model import Context, Earlier, Evidence, Finding, Jegyzo, Kind, Message, Note, Person, Problem
from rules.reading.request import Request
from rules.reading.spots import Scanner

DOUBTS = frozenset({Note.ANSWER_CONTRADICTS.value})
UNREAD = Note.DATA_ONLY_IN_UNREADABLE_ATTACHMENT
KEPT_NOTES = (Note.ANSWER_CONTRADICTS, Note.PIR_CONTRADICTS_TAX_NUMBER, UNREAD)  # what no later mail shows again
OF_JEGYZO = frozenset({Problem.JEGYZO_NOT_IN_CC, Problem.JEGYZO_UNCLEAR})


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer makes of its case: its people in their order (`continues` of them), then new ones.

    `adds` where it brings anything for those whom it does not take back, `told` where it gives data at all, were they
    the same again.
    """

    people: tuple[Person, ...]
    tax_pirs: tuple[str, ...]
    continues: int
    jegyzo: Jegyzo
    withdraws: tuple[int, ...]
    findings: tuple[Finding, ...]
    doubts: tuple[Finding, ...]
    elsewhere: frozenset[Evidence]
    adds: bool
    told: bool

    def judged(self, index: int, checked: Sequence[Finding]) -> list[Finding]:
        """What the checks said of person `index`, and what speaks against deciding of him by machine.

        Evidence of values kept from earlier mails is left out: its places are not this mail's.
        """
        here = [
            replace(one, evidence=tuple(seen for seen in one.evidence if seen not in self.elsewhere)) for one in checked
        ]
        return [*here, *(one for one in self.doubts if one.person == index)]

    @property
    def wanted(self) -> tuple[Person, ...]:
        """The people as the checks of the others see them: the address of one who is taken back is free."""
        return tuple(
            replace(one, email=None) if index in self.withdraws else one for index, one in enumerate(self.people)
        )

    def kind_of(self, kind: Kind, reason: str, request: Request) -> tuple[Kind, str]:
        """What the mail is, where `kind` is what it would be without a case."""
        if self.adds:
            return Kind.REGISTRATION, "answers_letter"
        if self.withdraws:
            return Kind.OTHER, "withdraws"
        if kind is Kind.PASSWORD:
            return kind, reason
        unread = bool(request.unread) and (request.points_at_attachment or request.says_nothing)
        if self.told or unread or (request.answers_our_form and request.says_nothing):
            return Kind.REGISTRATION, "answers_letter"
        return Kind.OTHER, reason if kind is Kind.OTHER else "adds_nothing"


def read_answer(message: Message, request: Request, catalogue: Catalogue, context: Context) -> Answer | None:
    """`message` read as an answer to the case that `context` names; None where it names none."""
    if context.earlier is None:
        return None
    thread = Thread(message, context.earlier, request, context, Scanner(catalogue))
    scans = [thread.scanner.scan(source) for source in written_sources(message, context)]
    read = read_people(scans, thread)
    count = len(context.earlier.people)
    withdrawal = find_withdrawal(scans, thread, read.replaced, adds=bool(read.changed))
    withdraws = withdrawal.places
    people = tuple(context.earlier.people[at] if at in withdraws else one for at, one in enumerate(read.people))
    sources = [*(scan.source for scan in scans), *form_sources(message, context)]
    jegyzo = find_case_jegyzo(thread, people, sources)
    found = len(withdraws) < count and bool(thread.asked & OF_JEGYZO) and jegyzo.status in ENOUGH
    return Answer(
        people=people,
        tax_pirs=read.tax_pirs,
        continues=count,
        jegyzo=jegyzo,
        withdraws=withdraws,
        findings=(withdrawal.finding, *(one for one in read.findings if one.rule not in DOUBTS)),
        doubts=(
            *(one for one in read.findings if one.rule in DOUBTS),
            *withdrawal.doubts,
            *_remembered(context.earlier, people),
        ),
        elsewhere=_seen(context.earlier.people) - {seen for one in read.findings for seen in one.evidence},
        adds=found or bool(read.changed.difference(withdraws)) or len(people) > count,
        told=read.told or (bool(thread.asked & OF_JEGYZO) and names_clerk(sources, catalogue)),
    )


def _remembered(case: Earlier, people: Sequence[Person]) -> tuple[Finding, ...]:
    """The notes that hold until a person settles them; an unread attachment's until nothing is missing any more."""
    return tuple(
        hit(note.value, note.value, person=index)
        for index, person in enumerate(case.people)
        for note in KEPT_NOTES
        if note in person.notes and (note is not UNREAD or asked_slots(people[index]))
    )


def _seen(people: Sequence[Person]) -> frozenset[Evidence]:
    """Where the values of `people` were seen."""
    fields = [field for person in people for slot in SINGLE if (field := held(person, slot))]
    fields += [field for person in people for field in (*person.modules, *person.unknown_modules)]
    return frozenset(seen for field in fields for seen in field.evidence)
