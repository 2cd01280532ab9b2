"""People's names: found in running text, read out of a cell or a label's value, compared with each other.

Hungarian order is family name first. A name is full when it has a family and a given name (policy.md §2, §9: a
nickname or given name alone is none).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rules.reading.lexicon import Lexicon
from rules.reading.name_forms import is_capital, is_initial, is_wife_form, nominative
from rules.reading.name_runs import WORD, NameWord, find_runs
from rules.text import fold

_CUT = re.compile(r"[,;|/(\[<\t\n:=@\d_]|\s[-–—]\s?|[-–—]\s|\.{2,}")
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,80}[)\]]")
LONGEST_FAMILY, MOST_WORDS = 3, 6
_SUFFIXED = re.compile(r"(?:[uüoóáé]nk|[tbr][óő]l|b[ae]n|n[ae]k|ként|h[oe]z|kor|ért|j[uü]k)$")

_FROM_THERE = re.compile(r"(?:[rbt][óő]l|[áé]b[ae]n|n[áé]l|h[oeö]z)$")


class NameHit(NamedTuple):
    """A full name in the nominative at `start`–`end` of its text; `ending` is the case ending cut off (folded)."""

    name: str
    start: int
    end: int
    ending: str = ""


@lru_cache(maxsize=16)  # asked of the same few texts for the people and for the writer
def find_names(text: str, lexicon: Lexicon, *, any_case: bool = False) -> tuple[NameHit, ...]:
    """Full names in running text; with `any_case` also those written in small letters (for cued stretches only)."""
    hits = []
    for run in find_runs(text, lexicon, any_case):
        hit = _name_in_run(run, text, lexicon) if not any_case else _small_name(run, text, lexicon)
        if hit and not _is_place(text, hit.end, lexicon):
            hits.append(hit)
    return tuple(hits)


def read_name(value: str, lexicon: Lexicon) -> str:
    """The full name that a cell or a label's value begins with, or "" where there is none."""
    value = _BRACKETS.sub(" ", value).strip(" \t\n.,;:-–—*•\"'„”")
    cut = _CUT.search(value)
    tokens = [match.group() for match in WORD.finditer(value[: cut.start()] if cut else value)]
    taken: list[str] = []
    for token in tokens[: MOST_WORDS + 2]:
        folded = fold(token).strip(".")
        stop = folded in lexicon.stops and folded not in lexicon.titles and folded not in lexicon.stop_families
        if folded in lexicon.jobs or (stop and not taken):
            break
        if taken and is_capital(taken[0]) and not is_capital(token) and folded not in lexicon.titles:
            break
        taken.append(token)
    return _read_words(taken, lexicon)


def read_display_name(value: str, lexicon: Lexicon) -> str:
    """The full name of an address header's display name, in Hungarian order; "" where it names no person."""
    value = _BRACKETS.sub(" ", value).split("|")[0].strip(" \"'")
    family, comma, rest = value.partition(",")
    if comma and rest.strip() and len(family.split()) == 1 and nominative(rest.split()[0], lexicon):
        value = f"{family} {rest}"  # "Kovács, Anna"
    name = read_name(value, lexicon)
    words = [word for word in name.split() if not is_title(word, lexicon)]
    if not any(nominative(word, lexicon) for word in words):
        return ""
    if len(words) == 2 and nominative(words[0], lexicon) and not nominative(words[1], lexicon):
        return f"{words[1]} {words[0]}"
    return name


def is_title(word: str, lexicon: Lexicon) -> bool:
    return fold(word).strip(".") in lexicon.titles


def name_key(name: str, lexicon: Lexicon) -> frozenset[str]:
    """The folded words of a name without its titles: equal for two spellings of one name."""
    return _name_key(name, lexicon.titles)


@lru_cache(maxsize=2048)  # each name of a list is compared with every other
def _name_key(name: str, titles: frozenset[str]) -> frozenset[str]:
    words = re.split(r"[\s–-]+", fold(name).replace(".", " "))
    return frozenset(word for word in words if word and word not in titles)


def same_person(one: str, other: str, lexicon: Lexicon) -> bool:
    """May both names be one person's: the same words, or one with all of the other's and more (at least two)?"""
    first, second = name_key(one, lexicon), name_key(other, lexicon)
    shared = first & second
    return bool(shared) and (first == second or (len(shared) >= 2 and shared in {first, second}))


def _name_in_run(run: list[NameWord], text: str, lexicon: Lexicon) -> NameHit | None:
    last = next((at for at in range(len(run) - 1, -1, -1) if nominative(run[at].text, lexicon)), None)
    if last is None:
        return None
    family = [at for at in range(last) if not is_title(run[at].text, lexicon)]
    if not family:
        return _western(run, last, lexicon)
    first = _family_start(run, last, text, lexicon)
    given = nominative(run[last].text, lexicon) or run[last].text
    words = [token.text for token in run[first:last]] + [given]
    real = [word for word in words if not is_title(word, lexicon)]
    if len(real) < 2 or all(is_initial(word) for word in real[:-1]):
        return None
    end = run[last].start + len(given)
    ending = fold(run[last].text.rstrip("."))[len(given) :]
    return NameHit(" ".join(words), run[first].start, end, ending)


def _small_name(run: list[NameWord], text: str, lexicon: Lexicon) -> NameHit | None:
    """A name that no capitals set apart: the given name and one word before it, more only where it stands alone."""
    last = next((at for at in range(len(run) - 1, -1, -1) if nominative(run[at].text, lexicon)), None)
    whole = len(run) == len(WORD.findall(text))
    if last == 0 and not whole:
        return None
    first = run[0 if whole or not last else last - 1 :]
    return _name_in_run(first, text, lexicon)


def _western(run: list[NameWord], last: int, lexicon: Lexicon) -> NameHit | None:
    """A name in western order: the given name comes first, one family name behind it."""
    if last + 1 >= len(run) or len(run) - last > 2 or is_title(run[last + 1].text, lexicon):
        return None
    family = run[last + 1]
    if is_initial(family.text) or _FROM_THERE.search(family.text.lower()):  # "Zsuzsi Mintafaluról"
        return None
    if nominative(run[last].text, lexicon) != run[last].text:
        return None
    if is_capital(run[last].text) and not is_capital(family.text):  # "Kata fiókja" is no Fiókja Kata
        return None
    return NameHit(f"{family.text} {run[last].text}", run[last].start, family.end)


def _family_start(run: list[NameWord], last: int, text: str, lexicon: Lexicon) -> int:
    """Where the name that ends with run[last] begins: given names, one family name, and what clearly belongs to it."""
    first = last
    taken = 0
    while first > 0:
        before = run[first - 1]
        if is_title(before.text, lexicon):
            first -= 1
            continue
        family_done = taken >= 1 and not nominative(run[first].text, lexicon)
        if family_done and not _belongs(run, first, text):
            break
        first -= 1
        taken += 1
        if taken > LONGEST_FAMILY:
            break
    return first


def _belongs(run: list[NameWord], first: int, text: str) -> bool:
    """Does the word before run[first] begin a longer family name: Kovácsné Nagy, B. Kovács, Nagy Kiss?"""
    word = run[first - 1]
    if is_wife_form(word.text) or (is_initial(word.text) and word.text.endswith(".")):
        return True
    if _SUFFIXED.search(word.text.lower()):
        return False
    line = text[text.rfind("\n", 0, word.start) + 1 : word.start]
    opens_sentence = not line.strip() or line.rstrip().endswith((".", "!", "?", ":"))
    following = text[run[-1].end : run[-1].end + 3].lstrip(" ")
    return not opens_sentence or not following or following[0] in "\n,;:-–("


def _read_words(words: list[str], lexicon: Lexicon) -> str:
    real = [word for word in words if not is_title(word, lexicon)]
    lasts = [at for at, word in enumerate(words) if nominative(word, lexicon)]
    if lasts and lasts[-1] > 0 and len(real) >= 2:
        last = lasts[-1]
        words = [*words[:last], nominative(words[last], lexicon) or words[last]]
        if sum(not is_title(word, lexicon) for word in words) < 2:  # "Anna Kovács": the family name is behind
            words = real[:2]
    else:
        words = words[:5]
    real = [word for word in words if not is_title(word, lexicon)]
    if len(real) < 2 or len(real) > MOST_WORDS or is_initial(real[-1]) or all(map(is_initial, real[:-1])):
        return ""
    if not lasts and any(len(word.strip(".")) == 1 for word in real):
        return ""
    return " ".join(words)


def _is_place(text: str, end: int, lexicon: Lexicon) -> bool:
    """Is the name a street's or an institution's: "Petőfi Sándor utca"?"""
    following = WORD.search(text, end, end + 24)
    return bool(
        following
        and not text[end : following.start()].strip(" \n")
        and fold(following.group()).strip(".") in lexicon.places
    )
