"""What the sender asks for, sentence by sentence: to be registered, a password, a deletion, a certificate …

Only what he says now counts: his text, the subject, a request he passes on; attachments only for registrations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.catalogue import Catalogue
from rules.findings import EXCERPT
from rules.model import Evidence, PartKind
from rules.reading.phrases import PhraseHit, find_phrases
from rules.reading.sources import Source

ASKING = ("ask_to_register", "ask_registration", "ask_next", "ask_access", "ask_training", "mention_registration")
TROUBLES = (
    "refuse_registration",
    "ask_password",
    "reminder_never_comes",
    "reminder_tried",
    "ask_deletion",
    "ask_change",
    "ask_live_system",
    "ask_course",
    "ask_list",
    "ask_status",
    "ask_outage",
    "ask_question",
    "say_thanks",
    "say_done",
    "refuse_removal",
    "mail_never_comes",
    "advertise",
    "speak_of_training",
)
ACCOUNTS = (
    "has_account",
    "lacks_account",
    "ask_entry",
    "speak_of_login",
    "speak_of_failing",
    "lost_by_deleting",
    "ask_rights",
    "speak_of_contact",
    "speak_of_elsewhere",
    "speak_of_other_training",
    "speak_of_asp",
    "solicit",
    "first_person",
    "take_back",
    "complain",
)
COMPOSED = (  # told one by one; rules/kinds/composed.py puts them together
    "learning_object",
    "learning_place",
    "get_hold",
    "civil_want",
    "ask_how",
    "find_fault",
    "login_works",
    "introduce_worker",
)
YIELDS_TO = {  # a request of the first kind counts only in a sentence without any of these
    "ask_to_register": frozenset({"refuse_registration", "advertise", "speak_of_contact", "take_back"}),
    "ask_registration": frozenset(
        {"refuse_registration", "advertise", "ask_deletion", "ask_change", "ask_list", "take_back"}
    ),
    "ask_next": frozenset(
        {"refuse_registration", "ask_password", "ask_deletion", "ask_change", "ask_list", "take_back"}
    ),
    "ask_password": frozenset({"ask_outage", "complain"}),
    "ask_deletion": frozenset({"lost_by_deleting"}),
    "has_account": frozenset({"lacks_account"}),
    "ask_entry": frozenset({"speak_of_other_training"}),
    "lacks_account": frozenset({"ask_list", "ask_deletion", "ask_live_system"}),
    "ask_training": frozenset(TROUBLES) - {"say_thanks", "speak_of_training", "reminder_tried", "mail_never_comes"}
    | {"speak_of_contact", "take_back", "complain"},
    "ask_access": frozenset(TROUBLES)
    - {"say_thanks", "speak_of_training", "reminder_tried", "ask_question", "mail_never_comes", "refuse_removal"}
    | {"take_back", "complain"},
}
OURS = frozenset({"speak_of_asp", "speak_of_training"})
MATTERS = frozenset(TROUBLES) - {"speak_of_training", "say_thanks", "ask_question", "reminder_tried"}
_REPLY = re.compile(r"\s*(?:re|va|vá|válasz|valasz|aw|sv)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one sentence says: the names of the phrase lists that hit it, with where."""

    acts: frozenset[str]
    evidence: tuple[tuple[str, Evidence], ...]
    kind: PartKind
    source: int = 0  # which of the mail's texts
    number: int = 0  # in that text

    def asks(self, act: str) -> bool:
        """Does it ask for `act`, and does nothing in it take that back?"""
        if act not in self.acts or self.acts & YIELDS_TO.get(act, frozenset()):
            return False
        return "speak_of_elsewhere" not in self.acts or bool(self.acts & OURS)


@dataclass(frozen=True)
class Wish:
    """The sentences of a mail that ask for or speak of anything in our lists."""

    sentences: tuple[Sentence, ...]

    @cached_property
    def _seen(self) -> dict[str, tuple[Evidence, ...]]:
        """Where each act occurs: the rules ask for dozens of acts, a mail holds a few."""
        seen: dict[str, tuple[Evidence, ...]] = {}
        for one in self.sentences:
            for name, evidence in one.evidence:
                seen[name] = (*seen.get(name, ()), evidence)
        return seen

    def asked(self, *acts: str) -> tuple[Evidence, ...]:
        """Where one of `acts` is asked for, not taken back; empty where nowhere."""
        if self._seen.keys().isdisjoint(acts):
            return ()
        ours = "speak_of_asp" in self._seen
        return tuple(
            evidence
            for sentence in self.sentences
            if ours or "speak_of_other_training" not in sentence.acts
            for act in acts
            if sentence.asks(act)
            for name, evidence in sentence.evidence
            if name == act
        )

    def asked_of_training(self, *acts: str) -> tuple[Evidence, ...]:
        """Where one of `acts` is asked for in a sentence that speaks of the training."""
        return Wish(tuple(one for one in self.sentences if "speak_of_training" in one.acts)).asked(*acts)

    def beside(self, one: Sentence) -> tuple[Sentence, ...]:
        """The sentences just before and after `one` in the same text."""
        return tuple(
            other for other in self.sentences if other.source == one.source and abs(other.number - one.number) == 1
        )

    def said(self, act: str) -> tuple[Evidence, ...]:
        """Where `act` occurs at all."""
        return self._seen.get(act, ())

    def says_any(self, acts: Iterable[str]) -> bool:
        """Does any of `acts` occur?"""
        return not self._seen.keys().isdisjoint(acts)


def read_wish(sources: Sequence[Source], catalogue: Catalogue, *, gives: bool) -> Wish:
    """What the counted texts of a mail ask for; `gives` where they hold data or files."""
    sentences: list[Sentence] = []
    for source in sources:
        names = ASKING if source.part.kind is PartKind.ATTACHMENT else (*ASKING, *TROUBLES, *ACCOUNTS, *COMPOSED)
        if source.part.kind in {PartKind.SIGNATURE, PartKind.FOOTER, PartKind.OWN_FORM}:
            continue
        hits: dict[int, list[PhraseHit]] = {}
        for hit in find_phrases(source.part.text, catalogue.words, names):
            hits.setdefault(hit.sentence, []).append(hit)
        sentences += [_sentence(source, number, found) for number, found in hits.items()]
    return Wish(tuple(_without_old_subject(sentences, sources, gives=gives)))


def _without_old_subject(sentences: Sequence[Sentence], sources: Sequence[Source], *, gives: bool) -> list[Sentence]:
    """The sentences but for a "Re:" subject where the text says something of its own: that is the old mail's."""
    replied = any(one.part.kind is PartKind.SUBJECT and _REPLY.match(one.part.text) for one in sources)
    written = [one for one in sentences if one.kind is PartKind.TEXT]
    told = any(one.part.text.strip() for one in sources if one.part.kind is PartKind.TEXT)
    own_matter = (
        (told and not gives)
        or any(one.acts & MATTERS for one in written)
        or {"has_account", "ask_entry"} <= _acts(written)
    )
    return [one for one in sentences if not (replied and own_matter and one.kind is PartKind.SUBJECT)]


def _acts(sentences: Iterable[Sentence]) -> set[str]:
    return {act for one in sentences for act in one.acts}


def _sentence(source: Source, number: int, hits: list[PhraseHit]) -> Sentence:
    text = source.part.text
    evidence = tuple(
        (hit.name, Evidence(source.index, hit.start, hit.end, text[hit.start : hit.end][:EXCERPT], source.part.source))
        for hit in hits
    )
    acts = frozenset(hit.name for hit in hits)
    if "ask_rights" in acts and not acts & OURS:
        acts |= {"ask_live_system"}
        evidence += tuple(("ask_live_system", seen) for name, seen in evidence if name == "ask_rights")
    return Sentence(acts, evidence, source.part.kind, source.index, number)
