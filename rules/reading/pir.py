"""PIR numbers and tax numbers in a text, and their check digits. Pure arithmetic and shapes; no register.

A PIR has six digits (policy.md §2). A tax number `15abcdeX-y-zz` of a council or office yields it; one that begins
otherwise yields none. What looks like one and is not (phone, date, account, OM, KSH, file number …) is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from rules.text import fold

PIR_WEIGHTS = (9, 7, 3, 1, 9, 1)
TAX_WEIGHTS = (9, 7, 3, 1, 9, 7, 3, 1)
_LOOK_ALIKES = str.maketrans({"o": "0", "l": "1", "i": "1"})  # scanned letters among digits


class PirKind(StrEnum):
    """What the text gave: a number labelled as PIR, one without a label, or a tax number."""

    LABELLED = "labelled"
    BARE = "bare"
    TAX = "tax"


class Body(StrEnum):
    """Whose number the words around it say it is; UNSAID where they say nothing."""

    COUNCIL = "council"
    OFFICE = "office"
    INSTITUTION = "institution"
    UNSAID = ""


@dataclass(frozen=True, slots=True)
class PirHit:
    """A number at `start`–`end` (the digits, without their label).

    `value` is the PIR: for LABELLED the digits as written (whatever their count), for TAX the computed PIR, or ""
    where none follows from it. `valid`: `value` is a sound PIR. `likely` is the sound PIR that was probably meant
    where `value` is not. `tax_number` is the eight-digit core of a tax number. `under_pir_label`: a tax number stood
    where a PIR was announced. `alone`: a BARE number that is part of nothing longer.
    """

    kind: PirKind
    start: int
    end: int
    excerpt: str
    value: str
    valid: bool
    certainty: float
    body: Body = Body.UNSAID
    likely: str = ""
    tax_number: str = ""
    tax_area: str = ""  # last two digits of a full tax number: the county's code at the tax authority
    under_pir_label: bool = False

    @property
    def labelled(self) -> bool:
        """Did words announce it as a PIR?"""
        return self.kind is PirKind.LABELLED or self.under_pir_label


def is_pir(digits: str) -> bool:
    """Six digits whose weighted sum 9·7·3·1·9·1 is divisible by ten, the first not 0."""
    return len(digits) == 6 and digits.isdecimal() and digits[0] != "0" and _sums_to_ten(digits, PIR_WEIGHTS)


def is_tax_core(digits: str) -> bool:
    """The eight digits of a tax number whose check digit holds."""
    return len(digits) == 8 and digits.isdecimal() and digits[0] != "0" and _sums_to_ten(digits, TAX_WEIGHTS)


def pir_from_tax(digits: str) -> str:
    """The PIR of the body with this tax number (8 or 11 digits), or "" where it cannot be told."""
    core = digits[:8]
    if not is_tax_core(core) or not core.startswith("15"):
        return ""
    five = core[2:7]
    check = -sum(weight * int(digit) for weight, digit in zip(PIR_WEIGHTS, five, strict=False)) % 10
    pir = five + str(check)
    return pir if is_pir(pir) else ""


def likely_pir(digits: str) -> str:
    """The PIR probably meant by six digits that are none: those cut off a tax number; else ""."""
    return pir_from_tax("15" + digits) if len(digits) == 6 and digits.isdecimal() else ""


def _sums_to_ten(digits: str, weights: tuple[int, ...]) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 10 == 0


# A number of up to eleven digits with blanks, dots or hyphens between its groups; O, l and I may stand for 0 and 1.
_NUMBER = r"(?<![\w@])(?:hu[- ]?)?(?P<number>\d(?:[ .\-/]{0,2}[\doli](?![a-z]{2})){4,13})(?![\w@])"
_NAME = (
    r"(?:p\s?\.?\s?i\s?\.?\s?r\b\.?|pir(?=[a-z\-_])|piar\b|pir(?=\d)|torzs?\s?-?konyvi\w*|torzsszam\w*|torzs\s?szam\w*|"
    r"torzssz\b|tsz\b|trzs\w*)"
)
_REST = (
    r"(?:[\s\-_/.]*(?:szam\w*|sz\b|azonosit\w*|kod\w*|nyilvantart\w*|torzsszam\w*|torzskonyvi\w*|nr|no|id|es|\(?pir\)?|"
    r"\(?(?:az |a )?(?:onkormanyzat|hivatal|kozos|polgarmesteri|onk|koh|ph|intezmeny|ovoda)\w*\)?))*"
)
_FILL = (
    r"(?:[\s:=\-–.>|)\t,;\"'*_#]|\b(?:a|az|ez|is|egy|kovetkezo|alabbi|nalunk|szerint|pontosan|mely|amely|van)\b){0,14}"
)
_LABELLED = re.compile(rf"(?<![a-z@.]){_NAME}{_REST}{_FILL}{_NUMBER}")
_TRAILING = re.compile(
    rf"{_NUMBER}[\s\-–]*\(?\s*(?:a |az |ez a )?(?:pir\b|pir-?\s?(?:szam|kod|azonosit)|torzsszam|torzskonyvi)"
)
_TAX_LABEL = re.compile(rf"(?<![a-z])ado\s?-?(?:szam\w*|sz\b){_REST}{_FILL}{_NUMBER}")
_TAX_SHAPE = re.compile(r"(?<![\w@./\-])(?P<number>\d{8}[ \-–/.]{1,3}[1-5][ \-–/.]{1,3}\d{2})(?![\w@]|[\-/.]\d)")
_BARE = re.compile(r"(?<![\w@])(?P<number>\d{6}|\d{3}[ .]\d{3})(?![\w@])")
# What must not touch a bare number: it is then a piece of something else.
_BEFORE = re.compile(r"(?:\d[ .\-/+()]{0,2}|[/\\#@_\-+]|\d[,:;]|[€$£]\s?)$")
_AFTER = re.compile(r"^(?:[ .\-/()]{0,2}\d|[/\\@_\-+]|[.,:]\d|\s?(?:ft|huf|eur|forint|db|fo\b|%|€|km|kw|lakos))")
# Words before a bare number that say what else it is; looked for in the 40 characters before it, on its own line.
_OTHER_NUMBER = re.compile(
    r"\b(?:om|ksh|ahti|krid|taj|tel|telefon\w*|mobil\w*|fax\w*|iktato\w*|ikt|iktsz|ugyirat\w*|ugyszam\w*|szamla\w*|"
    r"hrsz|helyrajzi|iranyitoszam\w*|irsz|postafiok|pf|azonosito\s?jel|adoazonosito\w*|adoszam\w*|hivatkozas\w*|"
    r"sorszam\w*|kod\w*|jelszo\w*|pin|szuletes\w*|szul|datum\w*|ugyfelszam\w*|ugyfelazonosito\w*|probono\w*|pm|"
    r"bejelentes\w*|jegyszam|ticket|iban|vonalkod|szig|igazolvany\w*|szemelyi\w*|cikkszam|verzio|hibajegy\w*|"
    r"rendelet|hatarozat\w*|osszeg\w*|nyilvantartasi|engedely\w*|szerzodes\w*|call|hivo\w*)\b[^\n]{0,25}$"
)
_COUNCIL = re.compile(r"onkormanyzat(?!i)|\bonk\b|kozseg|varos")
_OFFICE = re.compile(r"hivatal|\bkoh\b|\bph\b")
_INSTITUTION = re.compile(
    r"ovod|iskol|bolcsod|konyvtar|muvelodesi|konyha|gamesz|nemzetisegi|tarsulas|\brnno?\b|intezmeny"
)
_MASKED = re.compile(r"\S*@\S*|https?://\S+|www\.\S+")


def find_pirs(text: str) -> tuple[PirHit, ...]:
    """Every number of `text` that is, or claims to be, a PIR or a tax number; in order of place."""
    if not any(mark.isdecimal() for mark in text):
        return ()
    folded = _MASKED.sub(lambda match: "\x00" * len(match.group()), fold(text))
    hits: dict[int, PirHit] = {}
    for pattern in (_LABELLED, _TRAILING):
        for match in pattern.finditer(folded):
            _add(hits, _read_labelled(text, folded, match))
    for pattern in (_TAX_LABEL, _TAX_SHAPE):
        for match in pattern.finditer(folded):
            _add(hits, _read_tax(text, folded, match))
    for match in _BARE.finditer(folded):
        _add(hits, _read_bare(text, folded, match))
    return tuple(hits[start] for start in sorted(hits))


def _add(hits: dict[int, PirHit], hit: PirHit | None) -> None:
    if hit and not any(hit.start < other.end and other.start < hit.end for other in hits.values()):
        hits[hit.start] = hit


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match["number"].translate(_LOOK_ALIKES))


def _read_labelled(text: str, folded: str, match: re.Match[str]) -> PirHit | None:
    start, end = match.span("number")
    digits, end = _one_number(match["number"], start)
    if len(digits) > 11 or (len(digits) == 10 and not match["number"][:1].isdecimal()):
        return None
    if len(digits) in (8, 11):
        return _tax_hit(text, folded, start, end, digits, labelled=True)
    return PirHit(
        kind=PirKind.LABELLED,
        start=start,
        end=end,
        excerpt=text[start:end],
        value=digits,
        valid=is_pir(digits),
        certainty=1.0 if is_pir(digits) else 0.8,
        body=_body_of(folded, match.start(), end),
        likely="" if is_pir(digits) else likely_pir(digits),
    )


def _one_number(raw: str, start: int) -> tuple[str, int]:
    """The digits of `raw` and where they end: "740 009 06 30 …" holds one PIR and the beginning of something else."""
    for shape in (r"\d{8}\W{0,3}[1-5]\W{0,3}\d{2}", r"[\doli]{6}(?![\doli])", r"[\doli]{3}[ .\-][\doli]{3}(?![\doli])"):
        found = re.match(shape, raw)
        if found:
            return re.sub(r"\D", "", found.group().translate(_LOOK_ALIKES)), start + found.end()
    return re.sub(r"\D", "", raw.translate(_LOOK_ALIKES)), start + len(raw)


def _read_tax(text: str, folded: str, match: re.Match[str]) -> PirHit | None:
    digits = _digits(match)
    start, end = match.span("number")
    if len(digits) not in (8, 11):
        return None
    return _tax_hit(text, folded, start, end, digits, labelled=False)


def _tax_hit(text: str, folded: str, start: int, end: int, digits: str, *, labelled: bool) -> PirHit:
    pir = pir_from_tax(digits)
    return PirHit(
        kind=PirKind.TAX,
        start=start,
        end=end,
        excerpt=text[start:end],
        value=pir,
        valid=bool(pir),
        certainty=0.9 if pir else 0.5,
        body=_body_of(folded, start, end),
        tax_number=digits[:8],
        tax_area=digits[9:11] if len(digits) == 11 else "",
        under_pir_label=labelled,
    )


def _read_bare(text: str, folded: str, match: re.Match[str]) -> PirHit | None:
    start, end = match.span("number")
    digits = _digits(match)
    line = folded[max(folded.rfind("\n", 0, start) + 1, start - 40) : start]
    if not is_pir(digits) or _BEFORE.search(line) or _AFTER.search(folded[end : end + 10]):
        return None
    if _OTHER_NUMBER.search(line) or _is_date(digits):
        return None
    body = _body_of(folded, start, end)
    return PirHit(PirKind.BARE, start, end, text[start:end], digits, valid=True, certainty=0.6, body=body)


def _is_date(digits: str) -> bool:
    """yymmdd of our time, or yyyymm."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    return (15 <= year <= 35 and 1 <= month <= 12 and 1 <= day <= 31) or (
        digits.startswith(("19", "20")) and 1 <= day <= 12
    )


def _body_of(folded: str, start: int, end: int) -> Body:
    """Whose number it is, by the words between the last number or line end and this one."""
    line = folded[max(folded.rfind("\n", 0, start) + 1, start - 60) : end]
    said = re.split(
        r"\d{5,}", line[: max(len(line) - (end - start), 0)] + line[-(end - start) :].rstrip("0123456789 .-")
    )[-1]
    if _INSTITUTION.search(said):
        return Body.INSTITUTION
    if _OFFICE.search(said):
        return Body.OFFICE
    return Body.COUNCIL if _COUNCIL.search(said) else Body.UNSAID
