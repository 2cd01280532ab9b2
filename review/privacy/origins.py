"""Mother's name, day and place of birth: where they stand in a folded text, always by the name before or after. Pure.

A date or a name alone says nothing and stays: a request is full of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.privacy.numbers import Span

MONTH = r"(?:jan|febr?|marc|mar|apr|maj|jun|jul|aug|szept?|okt|nov|dec)[a-z]*\.?"
JOINT = r"[ ./-]{1,3}"
DATE = (
    rf"(?:(?:18|19|20)[0-9]{{2}}(?:{JOINT}(?:[0-9]{{1,2}}|{MONTH}|[ivx]{{1,4}}\.){JOINT}[0-9]{{1,2}}(?![0-9])\.?"
    rf"|[0-9]{{4}}(?![0-9])|(?![0-9])\.?)"
    rf"|[0-9]{{1,2}}{JOINT}(?:[0-9]{{1,2}}|{MONTH}){JOINT}(?:18|19|20)[0-9]{{2}}(?![0-9])"
    rf"|[0-9]{{2}}\.[ ]?[0-9]{{2}}\.[ ]?[0-9]{{2}}(?![0-9])\.?)"
)
BIRTH_YEAR = r"(?=(?:[0-9]{1,2}[ ./-][^\n]{1,14}|)(?:19[2-9][0-9]|200[0-9]|201[0-2]))"
PLACE = r"[a-z][a-z.-]{1,30}(?: (?:[a-z][a-z.-]{0,20}|[0-9]{1,2}\.|\([a-z .-]{1,25}\))){0,3}"
GAP = r"(?:[ ]?\([^()\n]{0,30}\))?[ \t]{0,3}"
COLON = r"(?:[:=|\t–-]|\.:)[ \t]{0,3}(?:\r?\n[>| \t]{0,4}){0,2}|(?:\r?\n[>| \t]{0,4}){1,2}"

ITS = r"(?:hely|ido|ide|datum|ev|nap|adat)[a-z]*"
BIRTH_NAME = rf"(?<![a-z])(?:szuletesi|szul\.?)[ /]?{ITS}(?:(?: ?[,/+] ?| es | ?- ?)(?:szul[a-z]*\.? )?{ITS}){{0,2}}\.?"
BORN = r"(?<![a-z])(?:szuletett|szulettem|szul\.?|sz\.(?=[ ]?:))"
BIRTH = re.compile(
    rf"{BIRTH_NAME}{GAP}(?:{COLON})?((?:{PLACE}[,.;:]?[ ]?)??[(]?{DATE})|{BIRTH_NAME}{GAP}(?:{COLON})({PLACE})"
    rf"|{BORN}[ ]?[:=]?[ ]?((?:{PLACE}[,.;:]?[ ])??[(]?{BIRTH_YEAR}{DATE})"
)
BORN_AFTER = re.compile(
    rf"(?<![0-9.])(?:({PLACE}), ?)?({BIRTH_YEAR}{DATE})(?:-?(?:[aeo]?n|i|as|es|os))?[ ,)]{{0,2}}"
    r"(?=(?:szuletett|szulettem|szuletesu|szul\.))"
)

MOTHER_NAME = (
    r"(?<![a-z])(?:(?:edes)?anyj[au](?:k)?(?:nak)?(?: a)?(?: (?:leanykori|szuletesi|lanykori|szul\.))? ?(?:nev[a-z]*)?"
    r"|(?:edes)?anyam(?: (?:leanykori|szuletesi))? nev[a-z]*|any\. ?nev[a-z]*|a\. ?n\.|an\.?(?=:)|anyja nev[a-z]*)"
)
NAMED = re.compile(r"nev|a\. ?n\.")
WORD = r"[a-z][a-z'-]*\.?"
NAME = rf"(?:(?:dr|id|ifj|ozv)\.? )*{WORD}(?:[ ]{{1,2}}{WORD}){{0,4}}"
MOTHER = re.compile(rf"{MOTHER_NAME}{GAP}(?:({COLON})|[ ])({NAME})")
NO_NAME = re.compile(
    r"(?:nem|nincs|kell|sem|is|es|szukseges|hianyzik|kerjuk|kerem|megad[a-z]*|nelkul|adat[a-z]*|mezo|rovat|nev[a-z]*|szul[a-z]*"
    r"|kitolt[a-z]*|pontos[a-z]*|ismeretlen|alapjan|szerint|pir|e-?mail|telefon[a-z]*|onkormanyzat[a-z]*|hivatal[a-z]*)\b"
)
NEXT_LABEL = re.compile(
    r"[ ,]+(?:(?:a |az )?(?:szul|anyj|taj\b|ado|pir\b|e-?mail|email|tel|mobil|lak[och]|lakcim|szemelyi|szig|nev[e:]"
    r"|neve\b|beoszt|munka|megye|varmegye|modul|szakrendszer|tananyag|jegyzo|allampolg|onkormanyzat|hivatal|polgarmester))"
)
ENDS_NAME = re.compile(r" {2,}|\t")


def find_origins(text: str, original: str = "") -> Iterator[Span]:
    """Every mother's name, day and place of birth in the folded `text`.

    `original`, letter by letter the same text, tells names (with capitals) where no colon stands before them.
    """
    for match in BIRTH.finditer(text):
        group = next(number for number in (1, 2, 3) if match[number] is not None)
        start, end = _until_next_label(text, *match.span(group))
        if group != 2 or not NO_NAME.match(text, start):
            yield start, end
    # whatever it finds stands before such a word; where there is none, to look at every place is two thirds of the time
    for match in BORN_AFTER.finditer(text) if "szul" in text else ():
        if match[1]:
            yield _capitals(match.span(1), original or text)
        yield match.span(2)
    for match in MOTHER.finditer(text):
        start, end = _until_next_label(text, *match.span(2))
        wide = ENDS_NAME.search(text, start, end)
        end = wide.start() if wide else end
        if match[1] is None and not NAMED.search(text, match.start(), match.start(2)):
            continue  # somebody's mother is spoken of
        if match[1] is None:
            start, end = _capitals((start, end), original or text)
        if end > start and not NO_NAME.match(text, start):
            yield start, end


def _until_next_label(text: str, start: int, end: int) -> Span:
    """A value ends where the next one's name begins."""
    following = NEXT_LABEL.search(text, start, end)
    return start, following.start() if following else end


def _capitals(span: Span, original: str) -> Span:
    """The words from the front that begin with a capital."""
    start, end = span
    at = start
    for word in re.finditer(r"\S+", original[start:end]):
        if not word.group()[0].isupper():
            break
        at = start + word.end()
    return start, at
