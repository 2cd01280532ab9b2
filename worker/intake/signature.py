"""The sender's signature and the office's footer, told apart from the text. Pure, linear.

A closing is a signature's beginning only if no request data follows it: people write "Köszönettel: …" and the list
of data below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.model import Address
from worker.intake import markers
from worker.intake.lines import Line, Mark
from worker.intake.normal import folded


def _any(patterns: Sequence[str], before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(rf"{before}(?:{markers.loosely(*patterns)}){after}", re.IGNORECASE)


_CLOSING = _any(markers.CLOSINGS, r"[\s*_]{0,4}", r"(?![\w-])\s{0,3}(?P<rest>[:,.!;–-]{0,3}.{0,60})")
_WEAK = _any(markers.WEAK_CLOSINGS, r"[\s*_]{0,4}", r"(?![\w-])\s{0,3}(?P<rest>[:,.!;–-]{0,3}.{0,60})")
_PHONE = _any(markers.PHONE_SIGNATURES, r"[\s*_\-–]{0,6}", r"\s*")
_FOOTER = _any(markers.FOOTERS, r"[\s*_\-–=!]{0,60}")
_BANNER = _any(markers.BANNERS, r"[\s*_\-–=!\[]{0,10}")
_REQUEST = _any(markers.REQUEST_LABELS, r"[\s*•·\-–\d.)]{0,8}", r"\s{0,3}(?:\([^)]{0,40}\))?\s{0,3}[:=]")
_PIR = _any(markers.PIR_LABELS, r"[\s*•·\-–(]{0,8}", r"[\s:=]{1,4}[\d]")
_POSTSCRIPT = _any(markers.POSTSCRIPTS, r"\s{0,4}")
_CONTACT = re.compile("|".join(markers.CONTACT), re.IGNORECASE)
_NAME_LINE = re.compile(
    r"[\s*_]{0,4}(?:(?:dr|ifj|id|özv|prof)\.?\s?)*[A-ZÁÉÍÓÖŐÚÜŰ][\w.’'-]*"
    r"(?:[ -]{1,2}(?:dr\.?|[A-ZÁÉÍÓÖŐÚÜŰ][\w.’'-]*)){0,4}"
    r"[\s*_,]{0,4}(?:s\.\s?k\.)?\s*"
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}")
_SIX_DIGITS = re.compile(r"(?<![\d/.-])\d{3}[ .]?\d{3}(?![\d/-])")
_MOST_SIGNATURE_LINES = 30
_THANKS = re.compile(r"k[öo]sz[öo]n|k[íi]v[áa]n|[üu]dv|v[áa]r(?:om|juk)|sent from|k[üu]ldve", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?]\s+\S|\b(?:k[ée]r(?:em|j[üu]k|n[ée]k)|vagyok|szeretn)", re.IGNORECASE)
_WORD = re.compile(r"\w+")


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
        if _POSTSCRIPT.match(lines[at].text) or (paragraph_begins and _is_sentence(lines[at].text)):
            return at
    return len(lines)


def _footer_start(lines: Sequence[Line]) -> int:
    for index, line in enumerate(lines):
        if len(line.text) > 8 and _FOOTER.match(line.text) and not _holds_request(lines[index:]):
            at = index
            while at > 0 and not lines[at - 1].text.strip(" _-=*"):
                at -= 1
            return at
    return len(lines)


def _holds_request(lines: Sequence[Line], *, with_pir: bool = True) -> bool:
    """Whether labelled request data stands in `lines`; a PIR beside a telephone number is part of a signature."""
    pir = contact = False
    for line in lines:
        if _REQUEST.match(line.text):
            return True
        pir = pir or _PIR.match(line.text) is not None
        contact = contact or _CONTACT.search(line.text) is not None
    return with_pir and pir and not contact


def _signature_start(lines: Sequence[Line], sender: Address, *, by_name: bool) -> int:
    """The earliest line from which on everything is signature; `len(lines)` where there is none.

    A closing formula goes before a name (the name above it heads the list of data), a name before what a mailer adds.
    """
    filled = [index for index, line in enumerate(lines) if line.text.strip()][-_MOST_SIGNATURE_LINES:]
    known = _words(sender.name)
    formulas = (index for index in filled if _closes(lines[index], lines[index + 1 :], known))
    first = next((index for index, line in enumerate(lines) if line.text.strip()), 0)
    closing = (index for index in formulas if index != first or _only_names_follow(lines[index + 1 :]))
    formula = next((index for index in closing if not _holds_data(lines, index, sender)), None)
    if formula is not None:
        return formula
    marks = (index for index in filled if _is_added(lines[index]))
    added = next((index for index in marks if not _is_text(lines, index)), len(lines))
    if not by_name:
        return added
    names = (index for index in filled if index > 0 and _is_name(lines[index].text, known))
    sound = (at for at in names if not _holds_pir(lines[at:]) and not _prose_follows(lines, at))
    named = next((index for index in sound if not _holds_data(lines, index, sender)), None)
    if named is None:
        named = _by_contact(lines, filled, sender)
    return added if named is None else min(added, named)


def _only_names_follow(lines: Sequence[Line]) -> bool:
    """Whether a formula that begins a mail closes it too: "Üdv!" is a greeting as well."""
    below = [line.text for line in lines if line.text.strip()]
    return not below or (len(below) <= 8 and _NAME_LINE.fullmatch(below[0]) is not None)


def _holds_pir(lines: Sequence[Line]) -> bool:
    return any(_PIR.match(line.text) for line in lines)


def _holds_data(lines: Sequence[Line], at: int, sender: Address) -> bool:
    """Whether something asked for stands from `at` on that stands nowhere above."""
    below = lines[at : _signature_end(lines, at)]
    if _holds_request(below):
        return True
    if any(_CONTACT.search(line.text) for line in below):
        return False
    above = "\n".join(line.text for line in lines[:at])
    addresses = {found.lower() for line in below for found in _ADDRESS.findall(line.text)} - {sender.address}
    return (bool(addresses) and "@" not in above) or (
        any(_SIX_DIGITS.search(line.text) for line in below) and not _SIX_DIGITS.search(above)
    )


def _is_text(lines: Sequence[Line], at: int) -> bool:
    """Whether what a mailer takes for a signature is the mail itself: some phones put all text into that element."""
    nothing_above = not any(line.text.strip() for line in lines[:at])
    return _holds_request(lines[at:], with_pir=False) or (nothing_above and _prose_follows(lines, at - 1))


def _is_added(line: Line) -> bool:
    """Whether a mailer put the line there: its signature element, the delimiter, "sent from my phone"."""
    text = line.text.strip()
    return line.mark is Mark.SIGNATURE or text in ("--", "---", "__") or _PHONE.fullmatch(text) is not None


def _closes(line: Line, below: Sequence[Line], known: frozenset[str]) -> bool:
    """Whether `line` is a closing formula, alone or with a name; `known` are the words of the sender's."""
    text = line.text.strip()
    if line.cells or len(text) > 120:
        return False
    closing = _CLOSING.fullmatch(text)
    if closing is not None and _ends_with_name(closing["rest"], known):
        return True
    weak = _WEAK.fullmatch(text)
    if weak is None:
        return False
    return _ends_with_name(weak["rest"], known) if weak["rest"].strip(" :,.!;–-") else _name_below(below)


def _name_below(below: Sequence[Line]) -> bool:
    text = next((line.text for line in below[:3] if line.text.strip()), "")
    return 0 < len(text) <= 40 and _NAME_LINE.fullmatch(text) is not None


def _ends_with_name(rest: str, known: frozenset[str]) -> bool:
    """Whether nothing follows a closing on its line, or a name does: capitalised, or the sender's in small letters."""
    name = rest.strip(" :,.!;–-*_")
    if not name or _NAME_LINE.fullmatch(name) or _words(name) <= known:
        return True
    last = name.rpartition(":")[2].strip()  # "Tisztelettel, az iroda nevében: Kovács Anna"
    if last != name and _NAME_LINE.fullmatch(last):
        return True
    return rest.lstrip()[:1] in ":,–-" and name[0].isupper() and not _SENTENCE.search(name)


def _prose_follows(lines: Sequence[Line], at: int) -> bool:
    """Whether whole sentences stand below: then a mere name was no end."""
    return any(_is_sentence(line.text) for line in lines[at + 1 :])


def _is_sentence(text: str) -> bool:
    text = text.strip()
    whole = len(text.split()) >= 5 and text[-1] in ".!?" and not _CONTACT.search(text)
    return whole and not _THANKS.search(text) and not _PHONE.fullmatch(text)


def _words(name: str) -> frozenset[str]:
    """The folded words of a name, titles and initials left out."""
    words = _WORD.findall(folded(name))
    return frozenset(word for word in words if len(word) > 1 and word not in ("dr", "ifj", "id", "ozv"))


def _is_name(text: str, known: frozenset[str]) -> bool:
    """Whether `text` is the sender's name, in whatever order, one other word allowed."""
    text = text.strip()
    if len(text) > 60 or not _NAME_LINE.fullmatch(text):
        return False
    words = _words(text)
    return len(words & known) >= 2 and len(words - known) <= 1


def _by_contact(lines: Sequence[Line], filled: Sequence[int], sender: Address) -> int | None:
    """A last block that begins with a name and holds a telephone number or address."""
    starts = [index for index in filled if index > 0 and not lines[index - 1].text.strip()][-3:]
    for index in starts:
        block = lines[index:]
        contact = any(_CONTACT.search(line.text) for line in block)
        named = contact and _NAME_LINE.fullmatch(lines[index].text) is not None
        if named and not (_holds_pir(block) or _prose_follows(lines, index) or _holds_data(lines, index, sender)):
            return index
    return None
