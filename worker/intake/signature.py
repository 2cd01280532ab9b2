"""The sender's signature and the office's footer, told apart from the text. Pure, linear.

A closing is a signature's beginning only if no request data follows it: people write "Köszönettel: …" and the list
of data below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.intake import markers
from worker.intake.lines import Line, Mark


def _any(patterns: Sequence[str], before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(rf"{before}(?:{'|'.join(patterns)}){after}", re.IGNORECASE)


_CLOSING = _any(markers.CLOSINGS, r"[\s*_]{0,4}", r"(?![\w-])\s{0,3}(?P<rest>[:,.!;–-]?.{0,60})")
_WEAK = _any(markers.WEAK_CLOSINGS, r"[\s*_]{0,4}", r"(?![\w-])\s{0,3}[:,.!;–-]{0,3}\s*")
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
_MOST_SIGNATURE_LINES = 30
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


def cut_signature(lines: Sequence[Line], names: Sequence[str], *, by_name: bool = True) -> Cut:
    """Where the signature of one of `names` (display names, "" ignored) and the footer begin in `lines`."""
    footer = _footer_start(lines)
    body = lines[:footer]
    start = _signature_start(body, names if by_name else ())
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


def _signature_start(lines: Sequence[Line], names: Sequence[str]) -> int:
    """The earliest line from which on everything is signature; `len(lines)` where there is none."""
    filled = [index for index, line in enumerate(lines) if line.text.strip()]
    if not filled:
        return len(lines)
    known = [words for words in (_words(name) for name in names) if len(words) >= 2]
    first_allowed = filled[-min(len(filled), _MOST_SIGNATURE_LINES)]
    for index in filled:
        if index >= first_allowed and _begins(lines, index, known) and not _holds_request(lines[index:]):
            return index
    return _by_contact(lines, filled)


def _begins(lines: Sequence[Line], at: int, known: Sequence[frozenset[str]]) -> bool:
    """Whether the line `at` may begin a signature, by its own words and the line below it."""
    line = lines[at]
    text = line.text.strip()
    if line.mark is Mark.SIGNATURE or text in ("--", "---", "__"):
        return at > 0
    if line.cells or len(text) > 120:
        return False
    if _PHONE.fullmatch(text):
        return True
    closing = _CLOSING.fullmatch(text)
    opens = (
        (closing is not None and _is_name_or_nothing(closing["rest"]))
        or (_WEAK.fullmatch(text) is not None and _name_below(lines, at))
        or (at > 0 and _is_known_name(text, known))
    )
    return opens and not _prose_follows(lines, at)


def _name_below(lines: Sequence[Line], at: int) -> bool:
    below = next((line.text for line in lines[at + 1 : at + 4] if line.text.strip()), "")
    return 0 < len(below) <= 40 and _NAME_LINE.fullmatch(below) is not None


def _is_name_or_nothing(rest: str) -> bool:
    rest = rest.strip(" :,.!;–-*_")
    return not rest or _NAME_LINE.fullmatch(rest) is not None or (rest.islower() and len(rest.split()) <= 3)


def _prose_follows(lines: Sequence[Line], at: int) -> bool:
    """Whether whole sentences stand below: then the closing was no end."""
    for line in lines[at + 1 :]:
        words = line.text.split()
        if len(words) >= 7 and line.text.rstrip()[-1:] in ".!?" and not _CONTACT.search(line.text):
            return not _FOOTER.match(line.text)
    return False


def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(name) if word.lower() not in ("dr", "ifj", "id", "özv"))


def _is_known_name(text: str, known: Sequence[frozenset[str]]) -> bool:
    if len(text) > 60 or not _NAME_LINE.fullmatch(text):
        return False
    words = _words(text)
    return any(len(words & name) >= 2 and len(words - name) <= 1 for name in known)


def _by_contact(lines: Sequence[Line], filled: Sequence[int]) -> int:
    """A last block that begins with a name and holds a telephone number or address, and no request data."""
    starts = [index for index in filled if index > 0 and not lines[index - 1].text.strip()][-3:]
    for index in starts:
        block = lines[index:]
        if (
            _NAME_LINE.fullmatch(lines[index].text)
            and any(_CONTACT.search(line.text) for line in block)
            and not _holds_request(block)
            and not any(_PIR.match(line.text) for line in block)
            and not _prose_follows(lines, index)
        ):
            return index
    return len(lines)
