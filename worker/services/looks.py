"""Looks: what a judgement asks of the ledger and what it saw, so that it can be asked again when it is written.

A mail is judged outside of any transaction. A question is a value: those of a whole group are asked together, where
they can be foreseen before the judging, and all of them again before the group is written. A mail whose answers are
others by then is judged anew.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

if TYPE_CHECKING:
    from worker.services.newcomers import Supposed

A = TypeVar("A")
Key = tuple[str, Any]  # what a mail that is written may change: ("conversation", 7), ("email", …), ("sender", …) …
Answers = Mapping["Question[Any]", Any]


class Question(Generic[A]):
    """What can be asked of the ledger: hashable, equal to another that asks the same. The answer can be compared."""

    __slots__: ClassVar[tuple[str, ...]] = ()

    @classmethod
    @abstractmethod
    def answer_all(cls, questions: Sequence[Self]) -> Sequence[A]:
        """The answers to `questions`, in as many statements as to one of them."""

    @property
    @abstractmethod
    def keys(self) -> Iterable[Key]:
        """Of what a mail may change, all that may change the answer."""


class Looks:
    """What one judgement saw of the ledger, and what it took for granted where it was allowed to."""

    def __init__(self, supposed: Supposed | None = None) -> None:
        """With `supposed` it is for newcomers: most questions need not be asked (worker.services.newcomers)."""
        self.supposed = supposed
        self.asked: dict[Question[Any], Any] = {}
        self.foreseen: dict[Question[Any], Any] = {}

    def foresee(self, answers: Answers) -> None:
        """Give answers beforehand: they count from when they are asked for."""
        self.foreseen.update(answers)

    def ask(self, question: Question[A]) -> A:
        """The answer to `question`, remembered."""
        if question not in self.asked:
            known = question in self.foreseen
            self.asked[question] = self.foreseen[question] if known else question.answer_all([question])[0]
        answer: A = self.asked[question]
        return answer

    @property
    def is_newcomers(self) -> bool:
        """Whether nothing was asked: it all rests on what was supposed."""
        return self.supposed is not None and not self.asked


class Standing:
    """Whether what judgements saw still stands, for a whole group of them; follows what is written of the group."""

    def __init__(self, looks: Sequence[Looks]) -> None:
        """Asks the ledger all of their questions again."""
        self._now = ask_all(question for one in looks for question in one.asked)
        told = [one.supposed for one in looks if one.supposed is not None]
        self._known = type(told[0]).known_of(told) if told else set[Key]()
        self._changed: set[Key] = set()

    def holds(self, looks: Looks) -> bool:
        """Whether each answer is the same now, and nothing is known of whom nothing was supposed to be."""
        supposed = looks.supposed.keys if looks.supposed is not None else set[Key]()
        keys = supposed.union(*(question.keys for question in looks.asked))
        if supposed & self._known or keys & self._changed:
            return False
        return all(self._now[question] == answer for question, answer in looks.asked.items())

    def change(self, keys: Iterable[Key]) -> None:
        """A mail is being written that may change what depends on `keys`."""
        self._changed.update(keys)


def ask_all(questions: Iterable[Question[Any]]) -> dict[Question[Any], Any]:
    """The answers to questions of any kinds."""
    kinds: defaultdict[type[Question[Any]], list[Question[Any]]] = defaultdict(list)
    for one in dict.fromkeys(questions):
        kinds[type(one)].append(one)
    return {
        one: answer for kind, asked in kinds.items() for one, answer in zip(asked, kind.answer_all(asked), strict=True)
    }
