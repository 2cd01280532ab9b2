"""How firmly a text says a value: the words around it, in its clause or before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.answers.claim import Force
from rules.model import Evidence, Field, Origin
from rules.reading.labels import Slot
from rules.reading.phrases import find_phrases
from rules.reading.spots import Scanner, Spot

AROUND = 110  # characters before a value in which it may be said to correct an earlier one, or to come on top
BEHIND = 50
PLACES = frozenset({Slot.MUNICIPALITY, Slot.COUNTY})  # named by the way in many a sentence
SENTENCE = re.compile(r"[.!?](?=\s)|\n\s*\n")
CLAUSE = re.compile(r"[.!?;:()](?=\s|$)|\n|,(?!\s*hanem)|\(")


@dataclass(frozen=True, slots=True)
class Said:
    """What the values are weighed by: the texts by their part's index, and the words of our lists."""

    texts: Mapping[int, str]
    scanner: Scanner

    def near(self, field: Field[str], *lists: str) -> bool:
        """Does one of the phrase lists hit beside the value?"""
        return self._beside(field.evidence, lists)

    def _beside(
        self, places: Sequence[Evidence], lists: tuple[str, ...], within: re.Pattern[str] | None = None
    ) -> bool:
        """The same for these places, between the marks `within`."""
        for seen in places:
            text = self.texts.get(seen.part, "")
            before, behind = text[max(0, seen.start - AROUND) : seen.start], text[seen.end : seen.end + BEHIND]
            if within:
                before, behind = within.split(before)[-1], within.split(behind)[0]
            if find_phrases(before + text[seen.start : seen.end] + behind, self.scanner.catalogue.words, lists):
                return True
        return False

    def corrects(self, spot: Spot) -> bool:
        """Is the value said to put an earlier one right? What is not stated must be so in its own sentence."""
        within = None if spot.labelled else CLAUSE if spot.slot in PLACES else SENTENCE
        return self._beside((spot.evidence,), ("correct_value",), within)

    def force(self, field: Field[str], spots: Sequence[Spot]) -> Force:
        """How firmly `field`, taken from `spots`, is said."""
        if field.origin is Origin.SIGNATURE:
            return Force.SIGNED
        seen = set(field.evidence)
        spot = next((one for one in spots if one.evidence in seen), None)
        if spot is None:
            return Force.CORRECTING if self.near(field, "correct_value") else Force.MENTIONED
        if self.corrects(spot):
            return Force.CORRECTING
        return Force.STATED if spot.labelled else Force.MENTIONED
