"""One word of a Hungarian name: is it a given name, a -né form, a title; and what is it without its case ending?"""

from __future__ import annotations

import re
from functools import lru_cache

from rules.reading.lexicon import Lexicon
from rules.text import fold

ENDINGS = (  # folded, longer before shorter
    *("eknek", "aknak", "ektol", "aktol", "eknel", "aknal", "ekhez", "akhoz"),
    *("nak", "nek", "tol", "rol", "bol", "nal", "nel", "hoz", "hez", "kent", "val", "vel", "ert", "eit", "ban", "ben"),
    *("ra", "re", "ot", "et", "at", "ek", "ig", "ei", "t", "e"),
)
_DOUBLED = re.compile(r"(ccs|ggy|lly|nny|ssz|tty|zzs|(\w)\2)[ae]l$")  # Péterrel, Balázzsal, Györggyel
_SINGLE = {"ccs": "cs", "ggy": "gy", "lly": "ly", "nny": "ny", "ssz": "sz", "tty": "ty", "zzs": "zs"}
_NE = re.compile(r"ne$")


def is_capital(word: str) -> bool:
    return word[:1].isupper()


@lru_cache(maxsize=4096)  # the same names in mail after mail, and each asked about several times
def nominative(word: str, lexicon: Lexicon) -> str | None:
    """The given name (or -né form of one) that `word` is, without its case ending; None where it is none.

    The spelling of the rest is kept; the stem's lengthened last vowel is put back (Annának: Anna).
    """
    bare = word.strip(".,")
    length = _given_length(fold(bare), lexicon.called)
    if length is None:
        return None
    doubled = _DOUBLED.search(fold(bare)) if length < len(bare) else None
    if doubled and doubled.start() < length and doubled.group(1) in _SINGLE:  # Györggyel: György
        return bare[: doubled.start()] + bare[doubled.start() + 1 : doubled.end(1)]
    stem = bare[:length]
    if length < len(bare) and not _NE.search(fold(stem)):
        stem = stem[:-1] + {"á": "a", "é": "e", "Á": "A", "É": "E"}.get(stem[-1], stem[-1])
    return stem


def _given_length(folded: str, given: frozenset[str]) -> int | None:
    """How many letters of the folded word are the name; None where there is no name in it."""
    if _known(folded, given):
        return len(folded)
    doubled = _DOUBLED.search(folded)
    if doubled:
        single = _SINGLE.get(doubled.group(1), doubled.group(1)[:1])
        if _known(folded[: doubled.start()] + single, given):
            return doubled.start() + len(single)
    for ending in ENDINGS if folded.endswith(ENDINGS) else ():
        if folded.endswith(ending) and len(folded) - len(ending) >= 3 and _known(folded[: -len(ending)], given):
            return len(folded) - len(ending)
    return None


def _known(folded: str, given: frozenset[str]) -> bool:
    if folded in given:
        return True
    if folded.endswith("ne") and len(folded) >= 5 and folded[:-2] in given:
        return True
    first, hyphen, last = folded.rpartition("-")
    return bool(hyphen) and first in given and _known(last, given)


def is_wife_form(word: str) -> bool:
    """Is it a -né form of whatever name (Kovácsné, Józsefné)?"""
    return len(word) >= 5 and word.lower().endswith(("né", "ne"))


def adds_call_name(name: str) -> bool:
    """Does the name end in what somebody is called behind a whole -né name: "Nagy Lászlóné Marika"?"""
    words = name.split()
    return len(words) >= 3 and is_wife_form(words[-2]) and not is_wife_form(words[-1])


def is_initial(word: str) -> bool:
    """Is it a mere initial: "B.", "Sz."?"""
    return len(word.rstrip(".")) <= (2 if word.endswith(".") else 1)
