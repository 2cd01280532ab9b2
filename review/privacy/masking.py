"""Masking: personal data that nobody asked for is covered on screen, letter by letter. Pure.

TAJ, tax identifier, personal number, identity card, mother's name, day and place of birth. The text keeps its length,
so that the places of evidence stay right; mask before a text is cut, for the cut may lose the name before the number.
What the FAQ asks for (name, municipality, PIR, county, e-mail, modules) and what an office has of its own (tax number,
phones, bank account) is never covered.
"""

from __future__ import annotations

from review.privacy.columns import find_columns
from review.privacy.folding import fold
from review.privacy.numbers import Span, find_numbers
from review.privacy.origins import find_origins

COVER = "•"


def mask(text: str) -> str:
    """`text` of the same length, each letter and digit of personal data that nobody asked for replaced by COVER."""
    spans = find_personal(text)
    if not spans:
        return text
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], "".join(COVER if one.isalnum() else one for one in text[start:end])]
        at = end
    return "".join([*pieces, text[at:]])


def find_personal(text: str) -> list[Span]:
    """Where personal data stands that nobody asked for: (start, end), in order, none within another."""
    folded = fold(text)
    same = text if len(folded.text) == len(text) else "".join(text[place] for place in folded.places[:-1])
    found = {*find_numbers(folded.text), *find_origins(folded.text, same), *find_columns(folded.text)}
    merged: list[Span] = []
    for start, end in sorted(folded.span(*span) for span in found if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
