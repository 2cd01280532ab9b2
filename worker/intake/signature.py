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
    """Line numbers at which a stretch is cut: text, signature, postscript text, footer; equal ones are empty."""

    text: int
    signature: int
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
    end = next((at for at in range(start + 1, footer) if _POSTSCRIPT.match(lines[at].text)), footer)
    return Cut(start, end, footer)


def _footer_start(lines: Sequence[Line]) -> int:
    for index, line in enumerate(lines):
        if len(line.text) > 8 and _FOOTER.match(line.text) and not _holds_request(lines[index:]):
            at = index
            while at > 0 and not lines[at - 1].text.strip(" _-=*"):
                at -= 1
            return at
    return len(lines)


def _holds_request(lines: Sequence[Line]) -> bool:
    """Whether labelled request data stands in `lines`; a PIR beside a telephone number is part of a signature."""
    pir = contact = False
    for line in lines:
        if _REQUEST.match(line.text):
            return True
        pir = pir or _PIR.match(line.text) is not None
        contact = contact or _CONTACT.search(line.text) is not None
    return pir and not contact


def _signature_start(lines: Sequence[Line], sender: Address, *, by_name: bool) -> int:
    """The earliest line from which on everything is signature; `len(lines)` where there is none."""
    filled = [index for index, line in enumerate(lines) if line.text.strip()][-_MOST_SIGNATURE_LINES:]
    known = _words(sender.name)
    for index in filled:
        if _closes(lines, index, known) and not _holds_data(lines, index, sender):
            return index
    if by_name and len(known) >= 2:
        for index in filled:
            named = index > 0 and _is_name(lines[index].text, known)
            if named and not _holds_pir(lines[index:]) and not _holds_data(lines, index, sender):
                return index
    return _by_contact(lines, filled, sender) if by_name else len(lines)


def _holds_pir(lines: Sequence[Line]) -> bool:
    return any(_PIR.match(line.text) for line in lines)


def _holds_data(lines: Sequence[Line], at: int, sender: Address) -> bool:
    """Whether something asked for stands from `at` on that stands nowhere above, or whole sentences do."""
    below = lines[at:]
    if _holds_request(below) or _prose_follows(lines, at):
        return True
    if any(_CONTACT.search(line.text) for line in below):
        return False
    above = "\n".join(line.text for line in lines[:at])
    addresses = {found.lower() for line in below for found in _ADDRESS.findall(line.text)} - {sender.address}
    return (bool(addresses) and "@" not in above) or (
        any(_SIX_DIGITS.search(line.text) for line in below) and not _SIX_DIGITS.search(above)
    )


def _closes(lines: Sequence[Line], at: int, known: frozenset[str]) -> bool:
    """Whether the line `at` is a closing formula or begins a mailer's signature; `known` is the sender's name."""
    line = lines[at]
    text = line.text.strip()
    if line.mark is Mark.SIGNATURE or text in ("--", "---", "__"):
        return at > 0
    if line.cells or len(text) > 120:
        return False
    if _PHONE.fullmatch(text):
        return True
    closing = _CLOSING.fullmatch(text)
    if closing is not None and _ends_with_name(closing["rest"], known):
        return True
    weak = _WEAK.fullmatch(text)
    if weak is None:
        return False
    return _ends_with_name(weak["rest"], known) if weak["rest"].strip(" :,.!;–-") else _name_below(lines, at)


def _name_below(lines: Sequence[Line], at: int) -> bool:
    below = next((line.text for line in lines[at + 1 : at + 4] if line.text.strip()), "")
    return 0 < len(below) <= 40 and _NAME_LINE.fullmatch(below) is not None


def _ends_with_name(rest: str, known: frozenset[str]) -> bool:
    """Whether nothing follows a closing on its line, or a name does: capitalised, or the sender's in small letters."""
    name = rest.strip(" :,.!;–-*_")
    if not name or _NAME_LINE.fullmatch(name) or _words(name) <= known:
        return True
    return rest.lstrip()[:1] in ":,–-" and name[0].isupper() and not _SENTENCE.search(name)


def _prose_follows(lines: Sequence[Line], at: int) -> bool:
    """Whether whole sentences stand below: then the closing was no end."""
    for line in lines[at + 1 :]:
        text = line.text.strip()
        sentence = len(text.split()) >= 5 and text[-1] in ".!?" and not _CONTACT.search(text)
        if sentence and not _THANKS.search(text):
            return not _FOOTER.match(text)
    return False


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


def _by_contact(lines: Sequence[Line], filled: Sequence[int], sender: Address) -> int:
    """A last block that begins with a name and holds a telephone number or address, and no request data."""
    starts = [index for index in filled if index > 0 and not lines[index - 1].text.strip()][-3:]
    for index in starts:
        block = lines[index:]
        if (
            _NAME_LINE.fullmatch(lines[index].text)
            and any(_CONTACT.search(line.text) for line in block)
            and not _holds_pir(block)
            and not _holds_data(lines, index, sender)
        ):
            return index
    return len(lines)
