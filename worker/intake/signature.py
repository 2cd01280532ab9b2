"""The sender's signature and the office's footer, told apart from the text. Pure, linear.

A closing is a signature's beginning only if no request data follows it: people write "Köszönettel: …" and the list
of data below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.model import Address
from worker.intake import closing, markers
from worker.intake.lines import Line

_FOOTER = re.compile(rf"[\s*_\-–=!]{{0,60}}(?:{markers.loosely(*markers.FOOTERS)})", re.IGNORECASE)
_BANNER = re.compile(rf"[\s*_\-–=!\[]{{0,10}}(?:{markers.loosely(*markers.BANNERS)})", re.IGNORECASE)
_POSTSCRIPT = re.compile(rf"\s{{0,4}}(?:{markers.loosely(*markers.POSTSCRIPTS)})", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}")
_SIX_DIGITS = re.compile(r"(?<![\d/.-])\d{3}[ .]?\d{3}(?![\d/-])")
_MOST_LINES = 30  # of a signature
_MOST_BELOW_GREETING = 8
_CLOSING_CHARS = 100  # the end of a long sentence that thanks


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a stretch is cut: text up to `signature`, signature up to `rest`, then text that may be signed again.

    From `footer` on all is footer. Equal numbers mean that there is none.
    """

    signature: int
    rest: int
    footer: int


def banner_end(lines: Sequence[Line]) -> int:
    """How many first lines are a gateway's warning that the mail comes from outside."""
    filled = [index for index, line in enumerate(lines) if line.text.strip()][:3]
    for index in filled[:2]:
        if len(lines[index].text) <= 400 and _BANNER.match(lines[index].text):
            end = index + 1
            while end < len(lines) and lines[end].text.strip() and end - index < 5:
                end += 1
            return end
    return 0


def cut_signature(lines: Sequence[Line], sender: Address | None, *, by_name: bool = True) -> Cut:
    """Where the signature of `sender` and the footer begin in `lines`; the name alone counts if `by_name`."""
    footer = _footer_start(lines)
    body = lines[:footer]
    start = _signature_start(body, sender or Address("", ""), by_name=by_name)
    return Cut(start, _signature_end(body, start), footer)


def _signature_end(lines: Sequence[Line], start: int) -> int:
    """A postscript or a paragraph of whole sentences below a signature is text again."""
    for at in range(start + 1, len(lines)):
        paragraph_begins = not lines[at - 1].text.strip()
        if _POSTSCRIPT.match(lines[at].text) or (paragraph_begins and closing.is_sentence(lines[at].text)):
            return at
    return len(lines)


def _footer_start(lines: Sequence[Line]) -> int:
    for index, line in enumerate(lines):
        if len(line.text) > 8 and _FOOTER.match(line.text) and not _holds_labelled(lines[index:]):
            at = index
            while at > 0 and not lines[at - 1].text.strip(" _-=*"):
                at -= 1
            return at
    return len(lines)


def _holds_labelled(lines: Sequence[Line]) -> bool:
    """Whether labelled request data stands in `lines`; a PIR beside a telephone number is part of a signature."""
    pir = contact = False
    for line in lines:
        if closing.is_request(line.text):
            return True
        pir = pir or closing.is_pir(line.text)
        contact = contact or closing.has_contact(line.text)
    return pir and not contact


def _signature_start(lines: Sequence[Line], sender: Address, *, by_name: bool) -> int:
    """The earliest line from which on everything is signature; `len(lines)` where there is none.

    A closing formula goes before a name (the name above it heads the list of data), a name before what a mailer adds.
    """
    filled = [index for index, line in enumerate(lines) if line.text.strip()][-_MOST_LINES:]
    known = closing.name_words(sender.name)
    formula = next((at for at in filled if _is_formula(lines, at, known) and not _holds_data(lines, at, sender)), None)
    if formula is not None:
        return formula
    added = next((at for at in filled if closing.is_added(lines[at]) and not _is_text(lines, at)), len(lines))
    if not by_name:
        return added
    named = next((at for at in filled if _is_named(lines, at, known) and not _holds_data(lines, at, sender)), added)
    return min(added, named)


def _is_formula(lines: Sequence[Line], at: int, known: frozenset[str]) -> bool:
    """Whether the line `at` closes the mail; at its top only names may follow, since "Üdv!" is a greeting as well."""
    if not closing.closes(lines[at], lines[at + 1 :], known):
        return False
    if any(line.text.strip() for line in lines[:at]):
        return True
    below = [line.text for line in lines[at + 1 :] if line.text.strip()]
    return not below or (len(below) <= _MOST_BELOW_GREETING and closing.is_name(below[0].strip()))


def _is_named(lines: Sequence[Line], at: int, known: frozenset[str]) -> bool:
    """Whether a signature without closing formula begins at the line `at`.

    Either with the sender's name, or at a new paragraph with any name over a title, an office or a telephone number.
    Nothing but such lines may follow, unless a telephone number or an address vouches for the rest.
    """
    if not closing.is_name(lines[at].text.strip()) or _heads_a_list(lines[:at]):
        return False
    block = [line for line in lines[at:] if line.text.strip()]
    if any(_SIX_DIGITS.search(line.text) or closing.is_sentence(line.text) for line in block):
        return False  # a PIR without a closing formula above it is data
    own = len(known) >= 2 and closing.is_name_of(lines[at].text, known)
    new_paragraph = at == 0 or not lines[at - 1].text.strip()
    contact = any(closing.has_contact(line.text) for line in block)
    titled = len(block) > 1 and (closing.is_title(block[1].text) or closing.is_office(block[1].text))
    strange = [line for line in block if not closing.is_signature_line(line)]
    if not any(line.text.strip() for line in lines[:at]):
        return (contact or titled) and not strange
    if own:
        return contact or not strange or (len(strange) == 1 and closing.is_short(strange[0].text))
    return new_paragraph and (contact or (titled and not strange))


def _heads_a_list(above: Sequence[Line]) -> bool:
    """Whether the last line of `above` announces data; one that ends in thanks and a colon closes the mail."""
    texts = [line.text.strip() for line in above if line.text.strip()][-3:]
    return bool(texts) and texts[-1].endswith(":") and not closing.is_thanks(" ".join(texts)[-_CLOSING_CHARS:])


def _holds_data(lines: Sequence[Line], at: int, sender: Address) -> bool:
    """Whether something asked for stands from `at` on: labelled, or as it stands nowhere above."""
    below = lines[at : _signature_end(lines, at)]
    if _holds_labelled(below) or any(closing.is_wish(line.text) for line in below):
        return True
    if any(closing.has_contact(line.text) for line in below):
        return False
    above = "\n".join(line.text for line in lines[:at])
    addresses = {found.lower() for line in below for found in _ADDRESS.findall(line.text)} - {sender.address}
    if addresses and "@" not in above:
        return True
    loose = [line.text for line in below if not closing.is_office(line.text)]
    return not _SIX_DIGITS.search(above) and any(_SIX_DIGITS.search(text) for text in loose)


def _is_text(lines: Sequence[Line], at: int) -> bool:
    """Whether what a mailer takes for a signature is the mail itself: some phones put all text into that element."""
    nothing_above = not any(line.text.strip() for line in lines[:at])
    below = lines[at:]
    return any(closing.is_request(line.text) for line in below) or (
        nothing_above and any(closing.is_sentence(line.text) or closing.is_wish(line.text) for line in below)
    )
