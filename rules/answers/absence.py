"""Words of absence that a person writes beside the answer: "szabadságon vagyok, de küldöm: 740373"."""

from __future__ import annotations

from collections.abc import Collection

from rules.answers.answer import Answer
from rules.answers.merge import CORRECTS, FILLS
from rules.answers.withdrawal import PLAIN
from rules.catalogue import Catalogue
from rules.kinds import absence
from rules.model import Finding, Message, PartKind
from rules.reading.labels import Slot
from rules.reading.phrases import find_phrases

# An out-of-office answer names people and addresses of its own, but none of these.
TELLING = frozenset({Slot.PIR.value, Slot.MODULES.value, Slot.MUNICIPALITY.value})


def is_answer_nonetheless(
    signs: Collection[Finding], answer: Answer | None, message: Message, catalogue: Catalogue
) -> bool:
    """Is a mail that only its words make automatic (`signs`) a person's answer: with data, or taking a request back?"""
    if answer is None or any(sign.rule != absence.RULE for sign in signs):
        return False
    filled = (one for one in answer.findings if one.code in {FILLS, CORRECTS})
    if any(one.details["field"] in TELLING for one in filled):
        return True
    return any(find_phrases(part.text, catalogue.words, PLAIN) for part in message.parts_of(PartKind.TEXT))
