"""Made-up cases that every letter is shown and tried with: the preview's, and those an operator's template must pass.

The people do not exist; the PIRs are of a block that was never given out (742xxx).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rules.catalogue import Catalogue
from rules.model import (
    Address,
    Field,
    Kind,
    Message,
    Outcome,
    Person,
    Problem,
    ReplyKind,
    ReplyPlan,
    Status,
    Verdict,
)
from worker.replies.compose import LAST_NOTICE, ComposedReply, compose_reply
from worker.replies.notices import Notice, compose_notice

LETTERS: tuple[str, ...] = (ReplyKind.MISSING, LAST_NOTICE, ReplyKind.PASSWORD, *Notice)
ASKING = frozenset({ReplyKind.MISSING, LAST_NOTICE, Notice.REMINDER})
ALONE = frozenset({ReplyKind.PASSWORD, Notice.ACCOUNT_EXISTS})  # letters about one person
REASON = "A megadott munkáltató nem önkormányzat.\n\nA portál az önkormányzatok dolgozói számára érhető el."
WRITER = Address("Próba Piroska", "proba.piroska@mintafalu.example")
OFFICE = Address("Mintafalui Polgármesteri Hivatal", "iroda@mintafalu.example")
PEOPLE = (
    ("Próba Piroska", "proba.piroska@mintafalu.example", "742597"),
    ("Dr. Minta-Kiss Benedek", "minta.benedek@mintafalu.example", "742597"),
    ("Képzelt Jánosné", "kepzeltne@posta.example", "742960"),
)
NOT_GIVEN = {
    Problem.FULL_NAME_MISSING: "full_name",
    Problem.MUNICIPALITY_MISSING: "municipality",
    Problem.PIR_MISSING: "pir",
    Problem.COUNTY_MISSING: "county",
    Problem.EMAIL_MISSING: "email",
}
WRONG = {  # what such a mail says instead, and what is offered
    Problem.PIR_INVALID: ("pir", "742591", "742597"),
    Problem.COUNTY_MISMATCH: ("county", "Heves", "Zala"),
    Problem.EMAIL_INVALID: ("email", "proba.piroska@gmial.com", "proba.piroska@gmail.com"),
    Problem.EMAIL_NOT_PERSONAL: ("email", "penzugy@mintafalu.example", ""),
    Problem.EMAIL_SHARED: ("email", "iroda@mintafalu.example", ""),
}


@dataclass(frozen=True, slots=True)
class Case:
    """People as a mail left them; `asks` says whether anything is missing of them."""

    name: str
    writer: Address
    people: tuple[Person, ...]

    @property
    def asks(self) -> bool:
        """Whether anything is missing."""
        return any(person.problems for person in self.people)

    def fits(self, letter: str) -> bool:
        """Whether `letter` can be written in this case."""
        if letter in ALONE:
            return len(self.people) == 1 and not self.asks
        return self.asks if letter in ASKING else True


def sample_cases(catalogue: Catalogue) -> tuple[Case, ...]:
    """Every case: nothing missing, each problem alone, all at once, and several people."""
    one, two, three = (_person(catalogue, index) for index in range(len(PEOPLE)))
    unclear = (Problem.JEGYZO_UNCLEAR,)
    absent = (Problem.JEGYZO_NOT_IN_CC,)
    nameless = tuple(word for word in Problem if word in NOT_GIVEN or word is Problem.MODULES_MISSING)
    wrong = (Problem.PIR_INVALID, Problem.COUNTY_MISMATCH, Problem.EMAIL_NOT_PERSONAL, Problem.MODULES_UNKNOWN)
    singles = (Case(word.replace("_", "-"), WRITER, (_lacking(one, (word,)),)) for word in Problem)
    return (
        Case("one", WRITER, (one,)),
        Case("one-for-another", OFFICE, (two,)),
        Case("three", OFFICE, (one, two, three)),
        *singles,
        Case("nothing-known", OFFICE, (_lacking(one, (*nameless, *absent)),)),
        Case("all-wrong", WRITER, (_lacking(one, (*wrong, *absent)),)),
        Case(
            "two-lack-the-same",
            OFFICE,
            (_lacking(two, (Problem.PIR_MISSING,)), _lacking(three, (Problem.PIR_MISSING,))),
        ),
        Case("one-of-three", OFFICE, (one, _lacking(two, (Problem.EMAIL_NOT_PERSONAL,)), three)),
        Case(
            "three-lack-different-things",
            OFFICE,
            (
                _lacking(one, (Problem.PIR_INVALID, *absent)),
                _lacking(two, (Problem.EMAIL_MISSING, Problem.MODULES_MISSING, *absent)),
                _lacking(three, (Problem.FULL_NAME_MISSING, *absent)),
            ),
        ),
        Case("two-jegyzo-unclear", OFFICE, (_lacking(one, (*wrong, *unclear)), _lacking(two, unclear, Status.REVIEW))),
    )


def sample_letters(catalogue: Catalogue, letters: Iterable[str] = LETTERS) -> Iterator[tuple[str, Case]]:
    """Every letter with every case that it can be written in."""
    cases = sample_cases(catalogue)
    yield from ((letter, case) for letter in letters for case in cases if case.fits(letter))


def write_sample(
    letter: str, case: Case, catalogue: Catalogue, own_address: str, privacy_url: str = ""
) -> ComposedReply:
    """`letter` as it would go out in `case`; raises ValueError where it cannot be written in it."""
    if not case.fits(letter):
        raise ValueError(f"{letter} is not written in the case {case.name}")
    message = _message(case.writer, own_address)
    terms = {"own_address": own_address, "token": "PELDA", "date": message.date, "privacy_url": privacy_url}
    if letter not in set(Notice):
        kind = ReplyKind.PASSWORD if letter == ReplyKind.PASSWORD else ReplyKind.MISSING
        last = letter == LAST_NOTICE
        return compose_reply(message, _verdict(kind, case), catalogue, last=last, **terms)  # type: ignore[arg-type]
    return compose_notice(
        Notice(letter),
        message,
        case.people,
        catalogue,
        to=(_owner(case),) if letter == Notice.ACCOUNT_EXISTS else (case.writer,),
        reason=REASON if letter == Notice.REJECTED else "",
        **terms,  # type: ignore[arg-type]
    )


def _person(catalogue: Catalogue, index: int) -> Person:
    name, email, pir = PEOPLE[index]
    modules = catalogue.modules[index * 2 : index * 2 + 2]
    return Person(
        full_name=Field(name),
        municipality=Field("Mintafalu"),
        pir=Field(pir),
        county=Field("Zala"),
        email=Field(email),
        modules=tuple(Field(module.id) for module in modules),
        status=Status.READY,
    )


def _lacking(person: Person, words: tuple[Problem, ...], status: Status = Status.INCOMPLETE) -> Person:
    """`person` with the problems `words`, the values as such a mail would leave them."""
    changes: dict[str, object] = {NOT_GIVEN[word]: None for word in words if word in NOT_GIVEN}
    offers: dict[str, str] = {}
    for word in words:
        if word in WRONG:
            field, value, offer = WRONG[word]
            changes[field] = Field(value)
            offers |= {word: offer} if offer else {}
    if Problem.MODULES_MISSING in words:
        changes["modules"] = ()
    if Problem.MODULES_UNKNOWN in words:
        changes |= {"modules": (), "unknown_modules": (Field("iktatási alapok"),)}
        offers[Problem.MODULES_UNKNOWN] = "Irat - Iktató"
    return replace(person, problems=words, status=status, suggestions=offers, **changes)  # type: ignore[arg-type]


def _owner(case: Case) -> Address:
    email = case.people[0].email
    return Address("", email.value) if email else case.writer


def _verdict(kind: ReplyKind, case: Case) -> Verdict:
    people = () if kind is ReplyKind.PASSWORD else case.people
    registration = kind is ReplyKind.MISSING
    outcomes = frozenset({Outcome.REPLY_MISSING if registration else Outcome.REPLY_PASSWORD})
    plan = ReplyPlan(kind, (case.writer,))
    return Verdict(Kind.REGISTRATION if registration else Kind.PASSWORD, outcomes, "sample", people=people, reply=plan)


def _message(writer: Address, own_address: str) -> Message:
    return Message(
        message_id="<minta@mintafalu.example>",
        subject="Regisztrációs kérelem",
        from_=(writer,),
        reply_to=(),
        to=(Address("", own_address),),
        cc=(),
        date=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
        in_reply_to=(),
        references=(),
        headers=(),
        content_types=("text/plain",),
        parts=(),
    )
