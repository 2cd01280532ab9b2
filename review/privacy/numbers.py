"""Personal numbers: TAJ, tax identifier, personal number, identity card. Where they stand in a folded text. Pure.

With its name before it a number counts even if its check digit is wrong (a typing error is personal data too); bare,
only if its form and check digit leave little doubt. A PIR (six digits), a body's tax number (8-1-2 digits), phones and
bank accounts (8-8 or 8-8-8 digits) have other forms and stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Span = tuple[int, int]

GAP = r"(?:(?:[ ]?\([^()\n]{0,30}\))?[ \t]{0,3}(?:[:=.|–-][ \t]{0,3})?(?:\r?\n[>| \t]{0,4}){0,2}(?:a kovetkezo:? )?)"
JOINT = r"[ ./-]?"
NINE, TEN, ELEVEN = (rf"[0-9](?:{JOINT}[0-9]){{{number - 1}}}(?![0-9])" for number in (9, 10, 11))
WORDS = r"(?:es|is|ha|de|az|ki|be|ft|db|fo|pm|ig|en|on|an|os|as)"
NEW_CARD = rf"[0-9]{{6}}(?:[a-z]{{2}}|[ .-](?!{WORDS}\b)[a-z]{{2}})"
OLD_CARD = r"[a-z]{2}[ .-]?(?:[ivx]{1,4}[ .-]?)?[0-9]{6,7}"
CARD = rf"(?:{NEW_CARD}|{OLD_CARD})(?![a-z0-9])"

TAJ_NAME = (
    r"(?<![a-z])(?:taj(?:[ -]?(?:szam|azonosito|kartya|sz\b)[a-z]*+(?:[ -]?(?:szam|jel)[a-z]*+)?)?"
    r"|tarsadalombiztositasi (?:azonosito|szam)[a-z]*+(?: jel[a-z]*+)?|tb[ -]?szam[a-z]*+)"
)
TAX_NAME = (
    r"(?<![a-z])(?:ado[ -]?azonosito[a-z]*+(?:[ -]?(?:jel|szam)[a-z]*+)?|ado[ -]?az(?:on)?\b\.?(?: ?jel[a-z]*+)?"
    r"|adojel[a-z]*+|szemelyi adoszam[a-z]*+|maganszemely adoszam[a-z]*+)"
)
PERSONAL_NAME = r"(?<![a-z])szemelyi (?:azonosito[a-z]*+(?: ?(?:jel|szam)[a-z]*+)?|szam[a-z]*+)"
CARD_NAME = (
    r"(?<![a-z])(?:szemelyi(?:[ -]?ig(?:azolvany[a-z]*+|\b\.?))?(?:[ -]?szam[a-z]*+)?|szem\. ?ig\.?|szig\b\.?"
    r"|(?:(?:szemelyazonosito|lakcim|lakcimigazolo)[ -]?)?igazolvany[a-z]*+|okmany[a-z]*+|utlevel[a-z]*+"
    r"|lakcimkartya[a-z]*+|jogositvany[a-z]*+|vezetoi engedely[a-z]*+)"
    r"(?:[ .-]{0,2}(?:szam|azonosito)[a-z]*+|[ .-]{0,2}sz\.?)?"
)
LABELLED = tuple(
    re.compile(f"{name}{GAP}({value})")
    for name, value in (
        (TAJ_NAME, NINE),
        (TAX_NAME, TEN),
        (PERSONAL_NAME, rf"(?:{ELEVEN}|{CARD})"),
        (CARD_NAME, CARD),
    )
)

BEFORE, AFTER = r"(?<![\w@=/#.,+-])", r"(?![\w@/]|[-.,][0-9])"
LONE_BEFORE, LONE_AFTER = r"(?<![\w@=/#.,+-])(?<![0-9][ ])", r"(?![\w@/]|[-., ][0-9])"
TAJ_FORM = re.compile(rf"{BEFORE}[0-9]{{9}}{AFTER}|{LONE_BEFORE}[0-9]{{3}}([ -])[0-9]{{3}}\1[0-9]{{3}}{LONE_AFTER}")
TAX_FORM = re.compile(
    rf"{BEFORE}8[0-9]{{9}}{AFTER}"
    rf"|{LONE_BEFORE}8(?:[0-9]{{3}}([ -])[0-9]{{3}}\1[0-9]{{3}}|[0-9]{{2}}([ -])[0-9]{{3}}\2[0-9]{{4}}"
    rf"|([ -])[0-9]{{3}}\3[0-9]{{3}}\3[0-9]{{3}}|[0-9]{{2}}([ -])[0-9]{{4}}\4[0-9]{{3}}){LONE_AFTER}"
)
PERSONAL_FORM = re.compile(
    rf"{LONE_BEFORE}[1-8]([ -])[0-9]{{6}}\1[0-9]{{4}}{LONE_AFTER}|{BEFORE}[1-8][0-9]{{10}}{AFTER}"
)
CARD_FORM = re.compile(rf"{BEFORE}[0-9]{{6}}[a-z]{{2}}{AFTER}")

NINE_DIGITS = re.compile(r"[0-9](?:[ -]?[0-9]){8}")  # which the first three forms hold, and few mails do

PHONE = re.compile(r"(?:20|21|30|31|50|70)")
OTHER_NUMBER = re.compile(
    r"(?:tel|mobil|fax|phone|hivhato|iktat|ikt\.|ugyirat|ugyszam|szamla|bank|iban|pir\b|torzsszam|statisztikai|ksh|jegysz"
    r"|ticket|hibajegy|bejelentes|hivatkoz|rendeles|cikkszam|licenc|gyari|om azon|kuldemeny|ragszam)[^\n]{0,24}$"
)
MONEY = re.compile(r" ?(?:ft\b|huf\b|forint|,-|eur\b|db\b|euro)")


def find_numbers(text: str) -> Iterator[Span]:
    """Every personal number in the folded `text`; spans may overlap."""
    for pattern in LABELLED:
        for match in pattern.finditer(text):
            yield match.span(1)
    for form, is_one in FORMS if NINE_DIGITS.search(text) else SHORT_FORMS:
        for match in form.finditer(text):
            digits = "".join(letter for letter in match.group() if letter.isdigit())
            before = text[max(0, text.rfind("\n", 0, match.start()) + 1, match.start() - 40) : match.start()]
            if is_one(digits) and not OTHER_NUMBER.search(before) and not MONEY.match(text, match.end()):
                yield match.span()


def is_taj(digits: str) -> bool:
    """Nine digits whose last is (3·odd places + 7·even places) mod 10; one that may be a mobile phone is none."""
    total = sum(int(digit) * (3, 7)[place % 2] for place, digit in enumerate(digits[:8]))
    return len(digits) == 9 and digits != "0" * 9 and total % 10 == int(digits[8]) and not PHONE.match(digits)


def is_tax_identifier(digits: str) -> bool:
    """Ten digits that begin with 8; the last is the sum of the others times their places, mod 11."""
    total = sum(place * int(digit) for place, digit in enumerate(digits[:9], start=1))
    return len(digits) == 10 and digits[0] == "8" and total % 11 == int(digits[9])


def is_personal_number(digits: str) -> bool:
    """Eleven digits: sex and century, a day of birth, a serial number, a check digit (weights turned round in 1997)."""
    if len(digits) != 11 or not (1 <= int(digits[3:5]) <= 12 and 1 <= int(digits[5:7]) <= 31):
        return False
    if _check(digits[:8], (9, 7, 3, 1, 9, 7, 3, 1)):  # a body's tax number written without its dashes
        return False
    weighted = (sum(int(digit) * weight for digit, weight in zip(digits, one, strict=False)) % 11 for one in WEIGHTS)
    return int(digits[10]) in weighted and not digits.startswith("36")  # a phone with its country


def is_card(digits: str) -> bool:
    """Six digits and two letters, unless the digits are a PIR that somebody wrote letters to."""
    return digits != "000000" and not ("3" <= digits[0] <= "8" and _check(digits, (9, 7, 3, 1, 9, 1)))


def _check(digits: str, weights: tuple[int, ...]) -> bool:
    """The check of PIRs and of the first eight digits of tax numbers (domain: the 9-7-3-1 family)."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


WEIGHTS = (range(1, 11), range(10, 0, -1))
FORMS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (TAJ_FORM, is_taj),
    (TAX_FORM, is_tax_identifier),
    (PERSONAL_FORM, is_personal_number),
    (CARD_FORM, is_card),
)
SHORT_FORMS = FORMS[3:]
