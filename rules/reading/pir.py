"""PIR numbers and tax numbers in a text. Pure shapes and check digits; no register.

What looks like one and is not (phone, date, account, OM, KSH, file number …) is passed over; a number that words
announce as a PIR is a hit even where it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from rules.check_digits import is_pir, is_tax_core, likely_pir, pir_from_tax
from rules.text import Taken, fold_words

__all__ = ["Body", "PirHit", "PirKind", "find_pirs", "is_pir", "is_tax_core", "likely_pir", "pir_from_tax"]

LABELLED, MISTYPED, COMPUTED, NO_USE, BARE = 1.0, 0.8, 0.9, 0.5, 0.6
REACH = 40  # characters before a label that tell about the number behind it
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


class PirHit(NamedTuple):
    """A number at `start`–`end` (the digits, without their label).

    `value` is the PIR: for LABELLED the digits as written (whatever their count), for TAX the computed PIR or "".
    `valid`: `value` is a sound PIR. `likely` is the sound PIR that was probably meant where `value` is not.
    `tax_number` is a tax number's core of eight digits. `under_pir_label`: where a PIR was announced. `corrects`: said
    to put another number right.
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
    under_pir_label: bool = False
    corrects: bool = False

    @property
    def labelled(self) -> bool:
        """Did words announce it as a PIR?"""
        return self.kind is PirKind.LABELLED or self.under_pir_label


# Four to fourteen digits with blanks, dots or hyphens between their groups; o, l and i may stand for 0 and 1.
_DIGIT = r"(?:\d|[oli](?=[\doli]|[^a-z]|$))"
_NUMBER = (
    rf"(?<![\w@])(?:hu[- ]?)?(?P<number>\d{{3}} ?\n ?\d{{3}}(?=\W|$)|\d(?:[ .\-/]{{0,2}}{_DIGIT}){{3,13}})(?![\w@])"
)
_NAME = (
    r"(?:p\s?\.?\s?i\s?\.?\s?r\b\.?|pir(?=[a-z\-_])|piar\b|pir(?=\d)|torzs?\s?-?\s?konyvi[a-z]*|torzsszam[a-z]*|"
    r"torzs\s?szam[a-z]*|torzssz\b|tsz\b|trzs[a-z]*)"
)
_BODY = r"(?:onkormanyzat|hivatal|kozos|polgarmesteri|onk|koh|ph|intezmeny|ovoda|varos|kozseg)[a-z]*"
_REST = (
    r"(?:[\s\-_/.]{0,3}(?:szam[a-z]*|sz\b|azonosit[a-z]*|kod[a-z]*|nyilvantart[a-z]*|torzsszam[a-z]*|torzskonyvi[a-z]*|"
    rf"nr|no|id|es|\(?pir\)?|\(?(?:az |a )?{_BODY}\)?)){{0,8}}(?:\s?(?:[/,&]|es\b)\s?ado\s?szam[a-z]*)?"
)
_FILL = (
    r"(?:[\s:=\-.>|)(\t,;\"'*_#]|\b(?:a|az|ez|is|egy|kovetkezo|alabbi|nalunk|szerint|pontosan|mely|amely|ami|van|pedig|lesz|"
    rf"megadom|ime|mind[a-z]+|eseteben|jelenleg|helyes|helyesen|javitva|tehat|t|nem|elirtam|{_BODY})\b){{0,14}}"
)
_LABELLED = re.compile(rf"(?<![a-z@.]){_NAME}{_REST}{_FILL}{_NUMBER}")
_FURTHER = re.compile(
    r"(?:[\s,;/&+():=\-!.]|\b(?:es|a|az|ez|pedig|illetve|valamint|helyett|hanem|helyes(?:en)?|javitva|bocsanat|elirtam|jo|"
    rf"azaz|vagyis|pontosabban|{_BODY})\b){{1,16}}{_NUMBER}"
)
_PUTS_RIGHT = re.compile(
    r"\b(?:helyes(?:en)?|javit[a-z]+|elir[a-z]+|elutottem|hanem|helyett|pontosabban|bocsanat|a jo)\b[^.!?\n]*$"
)
_TRAILING = re.compile(
    rf"{_NUMBER}[\s\-]*(?:[aeo]s\b\s*)?\(?\s*"
    r"(?:a |az |ez a )?(?:pir\b|pir-?\s?(?:szam|kod|azonosit)|torzsszam|torzskonyvi)"
)
_NAMED = re.compile(r"p\s?\.?\s?i\s?\.?\s?a?r|t(?:orz|sz|rzs)")  # begins whatever _LABELLED finds
_NAMED_BEHIND = re.compile(
    r"[\doli][\s\-]*(?:[aeo]s\b\s*)?\(?\s*(?:a |az |ez a )?(?:pir|torzs)"
)  # stands in a _TRAILING
_TAX_LABEL = re.compile(rf"(?<![a-z])ado\s?-?(?:szam[a-z]*|sz\b){_REST}{_FILL}{_NUMBER}")
_TAX_SHAPE = re.compile(
    r"(?<![\w@./\-])(?:hu)?(?P<number>\d{8}[ \-/.]{1,3}[1-5][ \-/.]{1,3}\d{2})(?![\w@]|[\-/.]\d)"
    r"|(?<![\w@])hu(?P<eu>15\d{6})(?!\d)"
)
_EIGHT_DIGITS = re.compile(r"\d{8}")  # stand in whatever _TAX_SHAPE finds
_BARE = re.compile(r"(?P<number>\d(?<![\w@]\d)(?:\d{5}|\d\d[ .]\d{3}))(?![\w@])")
_ONE_NUMBER = tuple(
    re.compile(shape)
    for shape in (
        r"\d{8}\W{0,3}[1-5]\W{0,3}\d{2}(?!\d)",
        rf"{_DIGIT}{{6}}(?:{_DIGIT}{{2}})?(?![\doli])",
        rf"{_DIGIT}{{3}}(?:[ .\-]| ?\n ?){_DIGIT}{{3}}(?![\doli])",
    )
)
# What must not touch a bare number: it is then a piece of something else. Commas around it do not matter.
_BEFORE = re.compile(r"(?:\d[ .\-/+()]{0,2}|[/\\#@_\-+]|\d:|[€$£]\s?|\bnem (?:az? )?)$")
_AFTER = re.compile(
    r"[ .\-/()]{0,2}\d|[/\\@_+]|-(?!(?:[aeo]?[ts]|n[ae]k|r[ae]|[aeo]s[a-z]{1,4})\b)|[.:]\d"
    r"|\s?(?:ft|huf|eur|forint|db|fo\b|%|€|km|kw|lakos)"
)
_ANY_DIGIT = re.compile(r"[0-9]")
_NO_DIGIT = re.compile(r"\D")
_NUMBER_ABOVE = re.compile(r"\d{5,}(?:\s?\([^)]*\))?")
_LIST_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s+")
# Words before a number, on its own line, that say what else it is.
_OTHER_NUMBER = re.compile(
    r"\b(?:om|ksh|ahti|krid|taj|tel|telefon[a-z]*|mobil[a-z]*|fax[a-z]*|iktato[a-z]*|ikt|iktsz|ugyirat[a-z]*|ugyszam[a-z]*|"
    r"szamla[a-z]*|hrsz|helyrajzi|iranyitoszam[a-z]*|irsz|postafiok|pf|azonosito\s?jel|adoazonosito[a-z]*|adoszam[a-z]*|"
    r"hivatkozas[a-z]*|sorszam[a-z]*|kod[a-z]*|jelszo[a-z]*|pin|szuletes[a-z]*|szul|datum[a-z]*|ugyfelszam[a-z]*|"
    r"ugyfelazonosito[a-z]*|probono[a-z]*|pm|bejelentes[a-z]*|jegyszam|ticket|iban|vonalkod|szig|igazolvany[a-z]*|"
    r"szemelyi[a-z]*|cikkszam|verzio|hibajegy[a-z]*|rendelet|hatarozat[a-z]*|osszeg[a-z]*|nyilvantartasi|engedely[a-z]*|"
    r"szerzodes[a-z]*|call|hivo[a-z]*)\b[^\n]{0,25}$"
)
_NOT_THE_PIR = re.compile(r"(?:ksh|telepules[- ]?azonosito|statisztikai|om)\W{0,3}[a-z]{0,12}\W{0,3}$")
_BODIES = (
    (Body.INSTITUTION, re.compile(r"ovod|iskol|bolcsod|konyvtar|muvelodesi|konyha|gamesz|nemzetis|tarsulas|intezmeny")),
    (Body.OFFICE, re.compile(r"hivatal|\bkoh\b|\bph\b")),
    (Body.COUNCIL, re.compile(r"onkormanyzat(?!i)|\bonk\b|kozseg|varos")),
)
_BODY_AFTER = re.compile(rf"\s?[(\-]\s?(?:az? )?({_BODY})")


def find_pirs(text: str) -> tuple[PirHit, ...]:
    """Every number of `text` that is, or claims to be, a PIR or a tax number; in order of place."""
    if not _ANY_DIGIT.search(text):
        return ()
    folded = fold_words(text)
    taken = Taken()
    claims = (*_labelled(text, folded), *_taxes(text, folded), *_bare(text, folded))
    hits = [hit for hit in claims if taken.take(hit.start, hit.end)]
    return tuple(sorted(hits, key=lambda hit: hit.start))


def _labelled(text: str, folded: str) -> Iterator[PirHit]:
    named = _NAMED.search(folded)
    if not named:
        return
    for pattern in (_LABELLED, _TRAILING) if _NAMED_BEHIND.search(folded) else (_LABELLED,):
        for match in pattern.finditer(folded, named.start() if pattern is _LABELLED else 0):
            if _NOT_THE_PIR.search(folded[max(0, match.start() - REACH) : match.start()]):
                continue
            hit = _announced(text, folded, match)
            if hit:
                yield hit
                # "PIR: 740009 (önkormányzat), 740373 (hivatal)": the label holds for the next number, too
                further = _FURTHER.match(folded, hit.end) if pattern is _LABELLED else None
                second = _announced(text, folded, further) if further else None
                if second and second.valid:
                    yield second


def _announced(text: str, folded: str, match: re.Match[str]) -> PirHit | None:
    """The number behind a PIR label, whatever it is; None where it is a year or too long to be any."""
    digits, start, end = _one_number(match)
    if len(digits) > 11 or (len(digits) == 4 and digits[:2] in ("19", "20")):
        return None
    body = _body_of(folded, start, end)
    if len(digits) in (8, 11):
        return _tax(text, start, end, digits)._replace(body=body, under_pir_label=True)
    valid = is_pir(digits)
    return PirHit(
        kind=PirKind.LABELLED,
        start=start,
        end=end,
        excerpt=text[start:end],
        value=digits,
        valid=valid,
        certainty=LABELLED if valid else MISTYPED,
        body=body,
        corrects=bool(_PUTS_RIGHT.search(folded[max(0, match.start() - REACH) : start])),
        likely="" if valid else likely_pir(digits),
    )


def _one_number(match: re.Match[str]) -> tuple[str, int, int]:
    """The digits and their place: "740 009 06 30 …" holds one PIR and the beginning of something else."""
    raw, start = match["number"], match.start("number")
    found = next((one for shape in _ONE_NUMBER if (one := shape.match(raw))), None)
    kept = found.group() if found else raw
    return _NO_DIGIT.sub("", kept.translate(_LOOK_ALIKES)), start, start + len(kept)


def _taxes(text: str, folded: str) -> Iterator[PirHit]:
    for pattern, worthwhile in ((_TAX_LABEL, "ado" in folded), (_TAX_SHAPE, _EIGHT_DIGITS.search(folded))):
        for match in pattern.finditer(folded) if worthwhile else ():
            group = "number" if match["number"] else "eu"
            digits = _NO_DIGIT.sub("", match[group].translate(_LOOK_ALIKES))
            if len(digits) in (8, 11):
                start, end = match.span(group)
                yield _tax(text, start, end, digits)._replace(body=_body_of(folded, start, end))


def _tax(text: str, start: int, end: int, digits: str) -> PirHit:
    pir = pir_from_tax(digits)
    return PirHit(
        kind=PirKind.TAX,
        start=start,
        end=end,
        excerpt=text[start:end],
        value=pir,
        valid=bool(pir),
        certainty=COMPUTED if pir else NO_USE,
        tax_number=digits[:8],
    )


def _bare(text: str, folded: str) -> Iterator[PirHit]:
    for match in _BARE.finditer(folded):
        start, end = match.span()
        digits = _NO_DIGIT.sub("", match["number"])
        before = folded[max(folded.rfind("\n", 0, start) + 1, start - 40) : start]
        if _LIST_NUMBER.fullmatch(before):
            before = ""
        if not is_pir(digits) or _is_date(digits) or _BEFORE.search(before) or _AFTER.match(folded, end):
            continue
        if not _OTHER_NUMBER.search(before):
            body = _body_of(folded, start, end)
            yield PirHit(PirKind.BARE, start, end, text[start:end], digits, valid=True, certainty=BARE, body=body)


def _is_date(digits: str) -> bool:
    """yymmdd of our time, or yyyymm."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    short = 15 <= year <= 35 and 1 <= month <= 12 and 1 <= day <= 31
    return short or (digits.startswith(("19", "20")) and 1 <= day <= 12)


def _body_of(folded: str, start: int, end: int) -> Body:
    """Whose number it is, by the word in brackets behind it or the words between the last number and this one."""
    after = _BODY_AFTER.match(folded, end)
    line = folded[max(folded.rfind("\n", 0, start) + 1, start - 60) : start]
    said = after[1] if after else _NUMBER_ABOVE.split(line)[-1]
    return next((body for body, words in _BODIES if words.search(said)), Body.UNSAID)
