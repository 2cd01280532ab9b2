"""What of a stranger's mail may be repeated in our reply: harmless, bounded, on one line. Pure.

A reply is an official letter that the writer of the mail can address to a third person (Reply-To, From): nothing in
it may carry that writer's links, markup, template syntax, control or direction-changing characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

NAME_LIMIT = 80
PHRASE_LIMIT = 60
SUBJECT_LIMIT = 150
NUMBER_LIMIT = 20
WORDS_LIMIT = 3000  # of staff's own words

_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNUSUAL = re.compile(r"[^\w\s.,'’()/&+–-]|_")
_HOST_LIKE = re.compile(r"(?<=\w)\.(?=[^\W\d]{2,})")
_WEB = re.compile(r"\b(?:https?|ftp|www)\b\S*", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+'&-]{1,64}@[\w.-]{1,190}")
_MISTYPED = re.compile(r"(?!.*\bwww\b)[\w.+'&@,;() -]{3,70}", re.IGNORECASE)
_HEADER_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,253}", re.ASCII)
_PREFIX = re.compile(
    r"\s*(?:(?:re|vá|válasz|aw|sv|vs|fw|fwd|tov|továbbítás|továbbítva)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_TOKEN = re.compile(r"\s*\[ASPO-[^\]\s]*\]", re.IGNORECASE)


def one_line(text: str, limit: int) -> str:
    """`text` in NFC on one line without control characters, cut to `limit` characters."""
    kept = text if text.isascii() and text.isprintable() else _without_controls(text)
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


@lru_cache(maxsize=256)  # a name stands in greeting, items and form
def phrase(text: str, limit: int = PHRASE_LIMIT) -> str:
    """`text` fit to be repeated: letters, digits and the punctuation of names; nothing a client turns into a link."""
    without_web = _WEB.sub(" ", one_line(text, 4 * limit))
    return one_line(_HOST_LIKE.sub(". ", _UNUSUAL.sub(" ", without_web)), limit)


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of what staff wrote, each on one line without control characters; cut to `WORDS_LIMIT` in all."""
    lines = (one_line(line, WORDS_LIMIT) for line in text[:WORDS_LIMIT].splitlines())
    return tuple(line for line in lines if line)


def number(text: str) -> str:
    """`text` if it reads like a number as people write it (digits, blanks, dots, dashes), else ""."""
    line = one_line(text, NUMBER_LIMIT)
    return line if line and all(char.isdigit() or char in " .-/" for char in line) else ""


def address(text: str) -> str:
    """`text` if it is shaped like an e-mail address, even an undeliverable one, else ""."""
    return text if _ADDRESS.fullmatch(text) else ""


def mistyped_address(text: str) -> str:
    """`text` if it could be an address with a slip in it ("eva@posta,hu", "eva(kukac)posta.hu"), else ""."""
    line = one_line(text, 71)
    return line if _MISTYPED.fullmatch(line) else ""


def header_address(text: str) -> str:
    """`text` as it can stand in an address header (the domain in ASCII), or "" if it cannot."""
    local, _, domain = text.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return f"{local}@{domain}" if _HEADER_ADDRESS.fullmatch(f"{local}@{domain}") else ""


def subject_stem(subject: str) -> str:
    """The subject without reply and forward prefixes, our token, control characters and links, cut to a sane length."""
    line = one_line(_TOKEN.sub("", one_line(subject, 998)), 998)
    match = _PREFIX.match(line)
    without_web = _WEB.sub(" ", line[match.end() :] if match else line)
    return one_line(_HOST_LIKE.sub(". ", without_web), SUBJECT_LIMIT)


def _without_controls(text: str) -> str:
    plain = unicodedata.normalize("NFC", text)
    if plain.isprintable():  # as nearly all names are: no letter of these kinds in it
        return plain
    return "".join(" " if unicodedata.category(char) in _CONTROL else char for char in plain)
