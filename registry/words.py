"""Words as the search knows them: small letters without accents, split where neither letter nor digit stands.

Pure. PostgreSQL is given the same letters (registry.search_schema); SQLite's unicode61 tokenizer knows them by itself.
Names of people and places are searched for, which no dictionary stems well ("Szabóné", "Tiszacsegén"); beginnings of
words find what endings hide.
"""

from __future__ import annotations

import re

LETTERS = {  # every Latin letter with one mark of those that Hungary's neighbours write
    "a": "ÀÁÂÃÄÅàáâãäåĀāĂăĄą",
    "c": "ÇçĆćĈĉĊċČč",
    "d": "Ďď",
    "e": "ÈÉÊËèéêëĒēĔĕĖėĘęĚě",
    "g": "ĜĝĞğĠġĢģ",
    "i": "ÌÍÎÏìíîïĨĩĪīĬĭĮįİ",
    "k": "Ķķ",
    "l": "ĹĺĻļĽľ",
    "n": "ÑñŃńŅņŇň",
    "o": "ÒÓÔÕÖòóôõöŌōŎŏŐő",
    "r": "ŔŕŖŗŘř",
    "s": "ŚśŜŝŞşŠšȘș",
    "t": "ŢţŤťȚț",
    "u": "ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲų",
    "y": "ÝýÿŸ",
    "z": "ŹźŻżŽž",
}
ACCENTED = "".join(LETTERS.values())
PLAIN = "".join(plain * len(accented) for plain, accented in LETTERS.items())
LONGEST = 40
MOST = 8
LAST_KNOWN = "\u052f"  # Latin, Greek, Cyrillic: about the letters beyond, the databases' tokenizers differ
_TABLE = str.maketrans(ACCENTED, PLAIN)
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """`text` in small letters without accents; as long as before, so that places in it stay places in `text`."""
    small = text.translate(_TABLE)
    lowered = small.lower()
    return lowered if len(lowered) == len(small) else "".join(one.lower()[:1] for one in small)


def words_of(text: str) -> tuple[str, ...]:
    """The words to search for in what a person typed, at most MOST of them, each once."""
    words = (one[:LONGEST] for one in _WORD.findall(plain(text)) if max(one) <= LAST_KNOWN)
    return tuple(dict.fromkeys(words))[:MOST]
