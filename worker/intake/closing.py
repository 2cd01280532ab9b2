"""What one line near a mail's end is: a closing formula, a name, a title, an office, a whole sentence. Pure, linear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rules.recurring import remember_short
from worker.intake import markers
from worker.intake.lines import Line, Mark
from worker.intake.normal import folded

_remembered = remember_short(200)  # characters: one line is asked about again and again, longer ones recur hardly


def _any(patterns: Sequence[str], before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(rf"{before}(?:{markers.loosely(*patterns)}){after}", re.IGNORECASE)


_CLOSING = _any(markers.CLOSINGS, r"[\s*_]{0,4}", r"(?![\w-])\s{0,3}(?P<rest>[:,.!;–-]{0,3}.{0,60})")
_WEAK = _any(markers.WEAK_CLOSINGS, r"[\s*_]{0,4}", r"(?![\w-])\s{0,3}(?P<rest>[:,.!;–-]{0,3}.{0,60})")
_PHONE = _any(markers.PHONE_SIGNATURES, r"[\s*_\-–]{0,6}", r"\s*")
_REQUEST = _any(markers.REQUEST_LABELS, r"[\s*•·\-–\d.)]{0,8}", r"\s{0,3}(?:\([^)]{0,40}\))?\s{0,3}[:=]")
_PIR = _any(markers.PIR_LABELS, r"[\s*•·\-–(]{0,8}", r"[\s:=]{1,4}[\d]")
_WISH = _any(markers.WISHES)
_TITLE = _any(markers.TITLES, r"(?:.{0,60}\b)?", r"\s*(?:[,.(].{0,40})?")
_OFFICE = _any(markers.OFFICES)
_CONTACT = re.compile("|".join(markers.CONTACT), re.IGNORECASE)
_FIGURES = re.compile(r"[\d+(]")  # whatever _CONTACT finds holds one, or a web page
_THANKS = re.compile(r"k[öo]sz[öo]n|k[íi]v[áa]n|[üu]dv|v[áa]r(?:om|juk|va)|tisztel|sent from|k[üu]ldve", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?]\s+\S|\b(?:k[ée]r(?:em|j[üu]k|n[ée]k)|vagyok|szeretn)", re.IGNORECASE)
_NAME = re.compile(
    r"[\s*_]{0,4}(?:(?:dr|ifj|id|özv|prof)\.?\s?)*[A-ZÁÉÍÓÖŐÚÜŰ][\w.’'-]*"
    r"(?:[ -]{1,2}(?:dr\.?|[A-ZÁÉÍÓÖŐÚÜŰ][\w.’'-]*)){0,4}"
    r"[\s*_,]{0,4}(?:s\.\s?k\.)?\s*"
)
_WORD = re.compile(r"\w+")
_TWO_LANGUAGES = re.compile(r"\s?[/|]\s?")
_LONGEST = 120  # characters: a longer line is a paragraph


def name_words(name: str) -> frozenset[str]:
    """The folded words of a name, titles and initials left out."""
    words = _WORD.findall(folded(name))
    return frozenset(word for word in words if len(word) > 1 and word not in ("dr", "ifj", "id", "ozv"))


@_remembered
def is_name(text: str) -> bool:
    """Whether `text` looks like a name: up to five capitalised words and nothing else."""
    return len(text) <= 60 and _NAME.fullmatch(text) is not None


def is_name_of(text: str, known: frozenset[str]) -> bool:
    """Whether `text` is the name of the `known` words, in whatever order, one other word allowed."""
    if not is_name(text.strip()):
        return False
    words = name_words(text)
    return len(words & known) >= 2 and len(words - known) <= 1


def closes(line: Line, below: Sequence[Line], known: frozenset[str]) -> bool:
    """Whether `line` is a closing formula, alone or with a name; `known` are the words of the sender's."""
    text = line.text.strip()
    if line.cells or len(text) > _LONGEST:
        return False
    closing, weak = _behind_formula(_in_one_language(text))
    if closing is not None and _ends_with_name(closing, known):
        return True
    if weak is None:
        return False
    if weak.strip(" :,.!;–-"):
        return _ends_with_name(weak, known)
    next_text = next((found.text for found in below[:3] if found.text.strip()), "")
    return len(next_text) <= 40 and is_name(next_text)


def _in_one_language(text: str) -> str:
    """Of a closing in two languages ("S pozdravom / Üdvözlettel") the half that is known; else `text`."""
    halves = [half.strip() for half in _TWO_LANGUAGES.split(text)]
    if len(halves) != 2 or _FIGURES.search(text) or "@" in text:
        return text
    known = [half for half in halves if _behind_formula(half)[0] == ""]
    return known[0] if known else text


@lru_cache(maxsize=512)
def _behind_formula(text: str) -> tuple[str | None, str | None]:
    """What follows a closing formula on its line, and what a weak one; None where there is none."""
    closing, weak = _CLOSING.fullmatch(text), _WEAK.fullmatch(text)
    return closing and closing["rest"], weak and weak["rest"]


def _ends_with_name(rest: str, known: frozenset[str]) -> bool:
    """Whether nothing follows a closing on its line, or a name does: capitalised, or the sender's in small letters."""
    name = rest.strip(" :,.!;–-*_")
    if not name or _NAME.fullmatch(name) or name_words(name) <= known:
        return True
    last = name.rpartition(":")[2].strip()  # "Tisztelettel, az iroda nevében: Kovács Anna"
    if last != name and _NAME.fullmatch(last):
        return True
    return rest.lstrip()[:1] in ":,–-" and name[0].isupper() and not _SENTENCE.search(name)


def is_added(line: Line) -> bool:
    """Whether a mailer put the line there: its signature element, the delimiter, "sent from my phone"."""
    text = line.text.strip()
    return line.mark is Mark.SIGNATURE or text in ("--", "---", "__") or _PHONE.fullmatch(text) is not None


@_remembered
def is_sentence(text: str) -> bool:
    """Whether `text` is a whole sentence that says more than thanks."""
    text = text.strip()
    whole = len(text.split()) >= 5 and text[-1] in ".!?" and not has_contact(text)
    return whole and not _THANKS.search(text) and not _PHONE.fullmatch(text)


@_remembered
def has_contact(text: str) -> bool:
    """Whether a telephone number, a web page or a street address stands in `text`."""
    if not _FIGURES.search(text) and "://" not in text and "www." not in text.lower():
        return False
    return _CONTACT.search(text) is not None


@_remembered
def is_office(text: str) -> bool:
    """Whether `text` names an office or what stands below its name: opening hours, tax number, bank account."""
    return len(text) <= _LONGEST and _OFFICE.search(text) is not None


@_remembered
def is_title(text: str) -> bool:
    """Whether `text` is a job's title."""
    return len(text) <= _LONGEST and _TITLE.fullmatch(text.strip(" *_,")) is not None


def is_signature_line(line: Line) -> bool:
    """Whether `line` says what signatures say: name, title, office, address, numbers."""
    text = line.text
    alone = "@" in text and len(text.split()) <= 3
    person = is_name(text.strip()) or is_title(text) or is_thanks(text)
    place = is_office(text) or has_contact(text) or alone
    return (person or place or is_added(line)) and not is_request(text)


@_remembered
def is_thanks(text: str) -> bool:
    """Whether `text` thanks, wishes well or greets."""
    return len(text) <= _LONGEST and _THANKS.search(text) is not None


def is_short(text: str) -> bool:
    """Whether `text` is a word or three without digits, such as an unusual title."""
    return len(text.split()) <= 3 and not any(letter.isdigit() or letter == "@" for letter in text)


@_remembered
def is_request(text: str) -> bool:
    """Whether `text` is request data with a label of its own."""
    return _REQUEST.match(text) is not None


@_remembered
def is_pir(text: str) -> bool:
    """Whether `text` is a labelled PIR."""
    return _PIR.match(text) is not None


@_remembered
def is_wish(text: str) -> bool:
    """Whether `text` speaks of modules or access, and is no title such as "hagyatéki ügyintéző"."""
    return _WISH.search(text) is not None and not is_title(text) and not is_office(text)
