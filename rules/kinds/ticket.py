"""Acknowledgements of ticket systems: "[GLPI #0048213] Új hibajegy", "Bejelentését rögzítettük" (policy.md §1)."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.findings import hit, in_header, miss
from rules.model import Context, Finding, Message, PartKind
from rules.reading.phrases import find_phrases
from rules.recurring import remember_short
from rules.text import fold

RULE = "ticket"
ACKNOWLEDGED = ("acknowledge_report", "acknowledge_promise")
ASKING = ("ask_to_register", "ask_registration", "ask_password", "ask_change", "ask_deletion")
_NUMBER = re.compile(
    r"\[[^\]]{0,30}#\s?\d{3,}[^\]]{0,10}\]|\b(?:ticket|hibajegy|ugyszam|jegy)\s?[#:]?\s?\d{4,}|#\d{4,}"
)
_WORD = r"(?:azonosito|hibajegy|ticket|ugyszam|iktatoszam|ugyiratszam|erkeztetesi|iktatasi|nyilvantartasi|hivatkozasi)"
_NUMBERED = re.compile(
    rf"\d{{3}}(?!\d)[^.\n]{{0,30}}\bszam|{_WORD}[^.\n]{{0,30}}\d{{3}}|\d{{3}}(?!\d)[^.\n]{{0,20}}{_WORD}"
)
_PIR = re.compile(  # a requester's number, not a ticket's
    r"(?:\bpir|torzs(?:konyvi|szam))[^\d\n]{0,30}\d{3}[ .\-]?\d{3}"
    r"|\d{3}[ .\-]?\d{3}[^\d\n]{0,12}(?:pir|torzskonyvi|torzsszam)[a-z]*(?:[ \-](?:szam|azonosito|kod)[a-z]*)?"
)


def check(message: Message, catalogue: Catalogue, _context: Context) -> Finding:
    """Does the subject say that a report was registered, or does the text, with a number or a promise?"""
    subject = " ".join(fold(message.subject).split())
    if _registers(subject, catalogue):
        return hit(RULE, RULE, [in_header("subject", message.subject)])
    text = "\n".join(part.text[:1500] for part in message.parts_of(PartKind.TEXT))
    if _acknowledges(message, text, subject, catalogue):
        return hit(RULE, RULE, [in_header("subject", message.subject)])
    return miss(RULE)


@remember_short()
def _registers(subject: str, catalogue: Catalogue) -> bool:
    """Does the folded subject say that a report was registered?"""
    return any(phrase in subject for phrase in catalogue.words.get("ticket_subjects", ()))


def _acknowledges(message: Message, text: str, subject: str, catalogue: Catalogue) -> bool:
    """Is receipt acknowledged with a number, a promise or our letter below, and nothing asked of us?"""
    said = {hit.name for hit in find_phrases(text, catalogue.words, ACKNOWLEDGED)}
    if "acknowledge_report" not in said:
        return False
    if _NUMBER.search(subject) or _NUMBERED.search(_PIR.sub(" ", fold(text))):
        return True
    sure = "acknowledge_promise" in said or message.parts_of(PartKind.OWN_FORM)
    return bool(sure) and "?" not in text and not find_phrases(text, catalogue.words, ASKING)
