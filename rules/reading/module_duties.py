"""Module words that tell what somebody does: a job's name or duties, and whether the training for them is asked for."""

from __future__ import annotations

import re
from itertools import pairwise

from rules.reading.module_items import Item, Reading
from rules.reading.module_words import Role, Tier, is_duty

LONGEST_LINE = 300  # characters of a line that is looked at for a label before the word
_JOB_LABEL = re.compile(r"(?:munkakor|beosztas|allas|tisztseg|osztaly|szervezeti egyseg)[a-z]*\s*:[^\n]*$")
_POINTING = ("ehhez", "ehez", "ezekhez", "ezen", "erre", "ezekre", "e", "ezeket", "ezeknek", "mindehhez")


def without_jobs(reading: Reading, run: list[Item]) -> list[Item]:
    """The list `run` without jobs and duties, unless the training for these very duties is asked for."""
    run = _without_title(reading, run)
    if not run or not is_job(reading, run[-1]):
        return run
    for_it = _points_back(reading, run[-1])
    return [item for item in run if item.ends_in_noun or item.identifier or (for_it and not is_officer(item))]


def duties_pointed_at(reading: Reading, run: list[Item]) -> list[Item]:
    """The verbs of duties in `run`, where the training for them is asked for behind ("iktatni fogok, ehhez …")."""
    duties = [item for item in run if is_duty(reading.row[item.last].text)]
    return duties if duties and _points_back(reading, run[-1]) else []


def is_officer(item: Item) -> bool:
    """Is this the bare word "ügyintéző", which is first of all a job?"""
    return item.row is not None and item.row.tier is Tier.FIELD and "ügyintéző" in item.row.module.short_name


def next_role(reading: Reading, item: Item) -> int:
    """The role of the word right behind the item, where nothing but a blank or a hyphen parts them."""
    after = item.last + 1
    if after >= len(reading.row) or reading.gap(item.last, after).strip(" -"):
        return Role.NONE
    return reading.roles[after]


def is_job(reading: Reading, item: Item) -> bool:
    """Does the list that ends with `item` tell what somebody does ("iktató, postázó feladatokat lát el")?"""
    if item.ends_in_noun or item.identifier:
        return False
    if reading.row[item.last].text.endswith("kent"):  # "iktatóként dolgozom"
        return True
    begin = max(reading.folded.rfind("\n", 0, item.start) + 1, item.start - LONGEST_LINE)
    line = reading.folded[begin : item.start]
    return bool(next_role(reading, item) & Role.JOB or _JOB_LABEL.search(line))


def _points_back(reading: Reading, item: Item) -> bool:
    """ "… az iratkezelés alkalmazásgazdája lettem, ehhez kellene a tananyag": in this sentence or the next."""
    sentence = reading.sentences[item.last]
    rest = range(item.last + 1, min(len(reading.row), item.last + 40))
    behind = [place for place in rest if reading.sentences[place] - sentence <= 1]
    pointed = any(reading.row[place].text in _POINTING for place in behind)
    return pointed and any(reading.roles[place] & Role.CORE_NOUN for place in behind)


def _without_title(reading: Reading, run: list[Item]) -> list[Item]:
    """The list without "adóügyi ügyintéző", which is a job, not a wish for two modules."""
    titles = set[int]()
    for left, right in pairwise(run):
        held = left.row is not None and left.row.module.family != "irat" and is_officer(right)
        apart = reading.gap(left.last, right.first).strip(" ") or next_role(reading, right) & Role.CORE_NOUN
        if held and not apart:
            titles |= {left.start, right.start}
    return [item for item in run if item.start not in titles]
