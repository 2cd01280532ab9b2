"""An out-of-office answer without any header: away, and who helps instead, and nothing asked (domain.md §8.1, 12)."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.findings import hit, miss
from rules.kinds.sayings import find_sayings
from rules.model import Context, Finding, Message
from rules.reading.answers import has_empty_form
from rules.reading.phrases import find_phrases
from rules.text import fold

RULE = "absence"
LONGEST = 1200  # characters; an answering machine is short
ASKING = ("ask_registration", "ask_password", "ask_access", "ask_to_register", "ask_training")
# What only a requester tells: the office's number, or that somebody else's absence is why another one is copied.
_TOLD = re.compile(
    r"(?<![a-z])(?:p\.?i\.?r\.?(?![a-z])|pir-?(?:szam|kod|azon)|torzsszam|torzskonyvi|masolat(?:ba|ot|kent))"
)


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Does a short mail say that its writer is away and when or who else, or only that above our empty form?"""
    states = find_sayings(message, catalogue, "absence_states")
    if not states:
        return miss(RULE)
    hints = find_sayings(message, catalogue, "absence_hints")
    text = "\n".join(part.text for part in message.parts if part.kind.value == "text")
    sure = hints or has_empty_form(message)
    if not sure or len(text) > LONGEST or "?" in text:
        return miss(RULE)
    asked = _TOLD.search(fold(text)) or find_phrases(text, catalogue.words, ASKING)
    return miss(RULE) if asked else hit(RULE, RULE, [*states[:1], *hints[:1]])
