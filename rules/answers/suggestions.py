"""Answers that give no value but agree: to what our letter suggested, to use the sender's own address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.answers.asked import REFUSING, asked_slots
from rules.answers.claim import Claim, Claims, Force
from rules.answers.thread import Thread
from rules.findings import in_header
from rules.model import Evidence, Field, Origin, Person, Problem
from rules.reading.labels import Slot
from rules.reading.phrases import find_phrases
from rules.reading.spots import Scan
from rules.text import fold

OFFERED = {
    Slot.PIR: Problem.PIR_INVALID,
    Slot.EMAIL: Problem.EMAIL_INVALID,
    Slot.COUNTY: Problem.COUNTY_MISMATCH,
}
LONGEST = 25  # words of an answer that is nothing but a yes
_ELSE = re.compile(r"jegyzo|\bnem\b|\bne\b|\bsem\b|\?")


def agreed_claims(person: Person, scans: Sequence[Scan], thread: Thread) -> Claims:
    """What `person`'s fields take where the answer says yes to our suggestions, or points at its sender's address."""
    values = {}
    for seen in _agreeing(scans, thread):
        for slot, problem in OFFERED.items():
            offer = person.suggestions.get(problem, "")
            if offer and problem in person.problems:
                values[slot] = Claim(Field(offer, (seen,), Origin.OWN), Force.MENTIONED)
    sender = thread.message.from_[0].address if thread.message.from_ else ""
    if sender and Slot.EMAIL in asked_slots(person) and _points_at_sender(scans, thread):
        seen = in_header("from", sender)
        values[Slot.EMAIL] = Claim(Field(sender, (seen,), Origin.SENDER), Force.MENTIONED)
    return Claims(values)


def _agreeing(scans: Sequence[Scan], thread: Thread) -> Iterator[Evidence]:
    """Where a short text says yes, and gives nothing else that was asked for."""
    owed = {slot for person in thread.case.people for slot in asked_slots(person)} & set(REFUSING)
    for scan in scans:
        if len(scan.text.split()) > LONGEST or _ELSE.search(fold(scan.text)):
            continue
        if any(spot.slot in owed and spot.known for spot in scan.spots):
            continue
        for hit in find_phrases(scan.text, thread.scanner.catalogue.words, ("confirm_suggestion",))[:1]:
            excerpt = scan.text[hit.start : hit.end]
            yield Evidence(scan.source.index, hit.start, hit.end, excerpt, scan.source.part.source)


def _points_at_sender(scans: Sequence[Scan], thread: Thread) -> bool:
    words = thread.scanner.catalogue.words
    return any(find_phrases(scan.text, words, ("mean_own_address",)) for scan in scans)
