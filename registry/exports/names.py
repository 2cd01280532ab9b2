"""Hungarian names as Moodle wants them: family name and given name apart (docs/export.md). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from rules.text import fold

TITLES = frozenset({"dr", "drs", "prof", "phd", "ifj", "id", "ozv", "vitez", "dr-habil"})
MOST_GIVEN_NAMES = 2
BRACKETED = re.compile(r"\s\([^()]*\)")  # a birth name, which nobody needs


def split_name(full_name: str, given_names: Collection[str]) -> tuple[str, str]:
    """(lastname, firstname) of a name in Hungarian order; `given_names` are folded.

    Given names are taken from the end, at most two, and one word is always left as the family name. A title keeps
    its place in the family name; one written last moves to the head. "Kovács Jánosné" gives (Kovács, Jánosné). A
    single word gives an empty given name: the portal will refuse it rather than we invent one.
    """
    words = _words(full_name)
    given = 1
    if len(words) > MOST_GIVEN_NAMES and not _is_title(words[-3]):
        given += _is_given(words[-2], given_names) and _is_given(words[-1], given_names)
    if all(_is_title(word) for word in words[:-given]):
        return " ".join(words), ""
    return " ".join(words[:-given]), " ".join(words[-given:])


def is_reversed(full_name: str, given_names: Collection[str]) -> bool:
    """Whether the given name seems to stand first ("Éva Kovács"): nothing is turned round, a person is told."""
    words = [word for word in _words(full_name) if not _is_title(word)]
    if len(words) != 2 or fold(words[1]).endswith("ne"):
        return False
    return _is_given(words[0], given_names) and not _is_given(words[1], given_names)


def _words(full_name: str) -> list[str]:
    words = _natural_case(BRACKETED.sub(" ", full_name)).split()
    while len(words) > 1 and _is_title(words[-1]):
        words.insert(0, words.pop())
    return words


def _natural_case(name: str) -> str:
    """KOVÁCS ÉVA as Kovács Éva; anything not wholly in capitals stays as written."""
    return name.title() if name.isupper() and len(name) > 3 else name


def _is_title(word: str) -> bool:
    return fold(word).strip(".,") in TITLES


def _is_given(word: str, given_names: Collection[str]) -> bool:
    return all(fold(part) in given_names for part in word.split("-"))
