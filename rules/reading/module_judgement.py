"""Which of a text's possible module words are wishes: a job's name is none, "teljes" is one row, "kivéve" takes back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rules.reading.module_items import Item, Reading
from rules.reading.module_words import ModuleWords, Role, Tier, misspelt_row

EXACT, NAMED, ASKED, BESIDE, TYPO = 1.0, 0.95, 0.85, 0.75, 0.7
_LIST_GAP = re.compile(r"[^.!?\n]{0,60}|[^.!?]{0,60}")
_JOB_LABEL = re.compile(r"(?:munkakor|beosztas|allas|tisztseg|osztaly|szervezeti egyseg)\w*\s*:[^\n]*$")
_SPLIT = re.compile(r"[,;\n\t|/+•]|\s-\s")
_NOT_WANTED = re.compile(
    r"\bnem\s+(?:[a-z]+\s+)?(?:kell\w*|ker(?:em|juk|i|nem|nek|nenk)?|szukseg\w*|igeny\w*|szeretn\w*)\b|\bnincs(?:en)?\s+(?:ra\s+)?szukseg\w*"
)
_BACK = re.compile(r"kivetel\w*|nelkul")


@dataclass(frozen=True, slots=True)
class Judged:
    """A wish: an item of the text, or (None) everything there is."""

    item: Item | None
    start: int
    end: int
    certainty: float
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The wishes, and the places of what fits no row."""

    wishes: tuple[Judged, ...]
    unknown: tuple[tuple[int, int], ...]


def judge(reading: Reading, words: ModuleWords, *, in_field: bool) -> Judgement:
    """Weigh every item of the reading."""
    items = list(reading.items)
    if in_field:
        items += _misspelt(reading, words)
        items.sort(key=lambda item: item.start)
    kept = _accepted_in_field(reading, items) if in_field else _accepted_in_text(reading, items)
    everything, spent = _everything(reading, kept, in_field=in_field)
    kept = _without_family_heads(reading, kept, spent)
    rows = [Judged(item, item.start, item.end, certainty) for item, certainty in kept if item.row]
    wishes = _take_back(reading, [*rows, *everything])
    unknown = [(item.start, item.end) for item, _ in kept if not item.row]
    if in_field:
        unknown += _left_over(reading, items, spent)
    return Judgement(tuple(sorted(wishes, key=lambda wish: wish.start)), tuple(sorted(set(unknown))))


def _misspelt(reading: Reading, words: ModuleWords) -> list[Item]:
    """Words of a module field that are a slip of the pen away from a module's."""
    found = []
    for place, token in enumerate(reading.row):
        if reading.owners[place] < 0 and not reading.roles[place]:
            row = misspelt_row(token.text, words)
            if row:
                found.append(Item(place, place, token.start, token.end, row, exact=False, typo=True))
    return found


def _accepted_in_field(reading: Reading, items: list[Item]) -> list[tuple[Item, float]]:
    kept: list[tuple[Item, float]] = []
    for number, item in enumerate(items):
        before = items[number - 1] if number else None
        # "adó ügyintéző" in a module field is the tax module, not also that of the case officer
        titled = before and before.row and item.row and _follows_closely(reading, before, item) and _is_officer(item)
        if titled and before and before.row and before.row.module.family != "irat":
            continue
        kept.append((item, TYPO if item.typo else EXACT))
    return kept


def _follows_closely(reading: Reading, left: Item, right: Item) -> bool:
    return reading.folded[left.end : right.start].strip(" \n") in ("", "-")


def _is_officer(item: Item) -> bool:
    return item.row is not None and item.row.tier is Tier.FIELD and "ügyintéző" in item.row.module.short_name


def _accepted_in_text(reading: Reading, items: list[Item]) -> list[tuple[Item, float]]:
    kept: list[tuple[Item, float]] = []
    for run in _runs(reading, items):
        if _is_job(reading, run[-1]):
            run = [item for item in run if item.ends_in_noun or item.identifier]  # noqa: PLW2901
        if not run:
            continue
        certain = {item.start: _certainty_alone(reading, item) for item in run}
        beside = any(certain.values()) or _fills_line(reading, run)
        for item in run:
            certainty = certain[item.start] or (BESIDE if beside and not _under_job_label(reading, item) else 0.0)
            if certainty and not (item.row and _is_name_of_kati(reading, item, beside=len(run) > 1)):
                kept.append((item, certainty))
    return kept


def _runs(reading: Reading, items: list[Item]) -> list[list[Item]]:
    """Items that stand beside each other in one list: only nouns and joining words between them."""
    runs: list[list[Item]] = []
    for item in items:
        left = runs[-1][-1] if runs else None
        if left and reading.sentences[left.last] == reading.sentences[item.first] and _joined(reading, left, item):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _joined(reading: Reading, left: Item, right: Item) -> bool:
    between = range(left.last + 1, right.first)
    joins = all(
        reading.roles[place] & (Role.JOIN | Role.CORE_NOUN | Role.ALL | Role.FULL | Role.LISTED) for place in between
    )
    return joins and len(between) <= 6


def _next_role(reading: Reading, item: Item) -> Role:
    """The role of the word right behind the item, where nothing but a blank or a hyphen parts them."""
    after = item.last + 1
    if after >= len(reading.row) or reading.folded[item.end : reading.row[after].start].strip(" -") != "":
        return Role.NONE
    return reading.roles[after]


def _is_job(reading: Reading, item: Item) -> bool:
    if item.ends_in_noun or item.identifier:
        return False
    return bool(_next_role(reading, item) & Role.JOB) or _under_job_label(reading, item)


def _under_job_label(reading: Reading, item: Item) -> bool:
    line = reading.folded[reading.folded.rfind("\n", 0, item.start) + 1 : item.start]
    return bool(_JOB_LABEL.search(line))


def _certainty_alone(reading: Reading, item: Item) -> float:
    """How sure the item is a wish without regard to its neighbours; 0.0 where it needs them."""
    asked = reading.sentences[item.first] in reading.asking
    named = bool(_next_role(reading, item) & Role.CORE_NOUN)
    if item.identifier:
        return NAMED
    if item.row is None:
        return ASKED if asked and named else 0.0
    if item.row.tier is Tier.ANYWHERE:
        return NAMED
    if item.row.tier is Tier.ASKED:
        return ASKED if asked or named else 0.0
    if item.row.bare_family and asked and _is_quantified(reading, item):
        return ASKED
    return BESIDE if named and not _is_officer(item) and "portal" not in reading.row[item.first].text else 0.0


def _is_quantified(reading: Reading, item: Item) -> bool:
    """Does "összes", "minden" or "teljes" belong to the item?"""
    near = range(max(0, item.first - 3), min(len(reading.row), item.last + 4))
    quantifiers = (place for place in near if reading.roles[place] & (Role.ALL | Role.FULL))
    return any(not item.first <= place <= item.last and _touches(reading, item, place) for place in quantifiers)


def _fills_line(reading: Reading, run: list[Item]) -> bool:
    """Is the whole line a list of modules, at least one of them no ordinary word?"""
    start = reading.folded.rfind("\n", 0, run[0].start) + 1
    end = reading.folded.find("\n", run[-1].end)
    end = len(reading.folded) if end < 0 else end
    owned = {place for item in run for place in range(item.first, item.last + 1)}
    for place, token in enumerate(reading.row):
        inside = start <= token.start < end
        if (
            inside
            and place not in owned
            and not token.text.isdecimal()
            and not reading.roles[place] & (Role.JOIN | Role.NOUN | Role.FULL)
        ):
            return False
    return any(item.row and item.row.tier is not Tier.FIELD for item in run)


def _is_name_of_kati(reading: Reading, item: Item, *, beside: bool) -> bool:
    """Is "Kati" a woman here? In capitals, or beside "modul" or another module, it is the module."""
    if item.end - item.start != 4 or reading.folded[item.start : item.end] != "kati":
        return False
    if _next_role(reading, item) & Role.CORE_NOUN:
        return False
    return not (reading.text[item.start : item.end].isupper() or beside)


def _everything(
    reading: Reading, kept: list[tuple[Item, float]], *, in_field: bool
) -> tuple[list[Judged], frozenset[int]]:
    """Wishes for every module, and the places of the quantifiers that were used up (here or by a family)."""
    wishes: list[Judged] = []
    spent: set[int] = set()
    for place, role in enumerate(reading.roles):
        if not role & (Role.ALL | Role.FULL) or reading.owners[place] >= 0:
            continue
        near = [item for item, _ in kept if item.row and _touches(reading, item, place)]
        if near:
            spent.add(place)
        elif role & Role.ALL and (last := _last_of_everything(reading, place, in_field=in_field)) is not None:
            spent.add(place)
            wishes.append(Judged(None, reading.row[place].start, reading.row[last].end, 0.9))
    return wishes[:1], frozenset(spent)


def _touches(reading: Reading, item: Item, place: int) -> bool:
    """Does the quantifier at `place` belong to the item ("az irat összes modulja", "minden gazdálkodási modul")?"""
    left, right = (item.last, place) if place > item.last else (place, item.first)
    between = range(left + 1, right)
    gap = reading.folded[reading.row[left].end : reading.row[right].start]
    return (
        len(between) <= 2 and all(reading.roles[p] & Role.NOUN for p in between) and not re.search(r"[,;\n.!?:]", gap)
    )


def _last_of_everything(reading: Reading, place: int, *, in_field: bool) -> int | None:
    """The last word of "az összes ASP szakrendszer" that begins at `place`; None where it is no such wish."""
    sentence = reading.sentences[place]
    last = place
    for after in range(place + 1, min(place + 5, len(reading.row))):
        role = reading.roles[after]
        if reading.sentences[after] != sentence or role & Role.LISTED or not role & (Role.NOUN | Role.JOIN | Role.ALL):
            break
        if role & Role.NOUN:
            last = after
    if in_field:
        return last
    return last if last > place and (sentence in reading.asking) and reading.roles[last] & Role.CORE_NOUN else None


def _without_family_heads(
    reading: Reading, kept: list[tuple[Item, float]], spent: frozenset[int]
) -> list[tuple[Item, float]]:
    """Drop "irat" where it only says whose the modules behind it are ("irat: iktató, postázó")."""
    result = []
    for number, (item, certainty) in enumerate(kept):
        if item.row and item.row.bare_family and not any(_touches(reading, item, place) for place in spent):
            members = [other for other, _ in kept if other.row and _is_member(other, item)]
            after = kept[number + 1][0] if number + 1 < len(kept) else None
            before = kept[number - 1][0] if number else None
            if members and _only_names_family(reading, item, before, after):
                continue
        result.append((item, certainty))
    return result


def _is_member(other: Item, head: Item) -> bool:
    return bool(
        other.row and head.row and other.row.module.family == head.row.module.family and not other.row.bare_family
        and other.row.module.id != head.row.module.id
    )  # fmt: skip


def _only_names_family(reading: Reading, head: Item, before: Item | None, after: Item | None) -> bool:
    if after and _is_member(after, head):
        gap = reading.folded[head.end : after.start]
        inner = range(head.last + 1, after.first)
        plain = all(reading.roles[place] & (Role.NOUN | Role.JOIN) for place in inner)
        joined = any(reading.row[place].text in ("es", "valamint", "illetve", "meg", "plusz") for place in inner)
        if plain and not joined and not re.search(r"[,;+.!?]|\n(?!.*\S)", gap) and ("\n" not in gap or ":" in gap):
            return True
    word = reading.folded[head.start : head.end]
    if re.search(r"(?:ban|ben|bol|on belul|en belul)$", word) or reading.folded[head.end :].startswith(" belul"):
        return True
    if before and _is_member(before, head):
        return reading.folded[before.end : head.start].strip() == "(" and reading.folded[head.end :].lstrip()[:1] == ")"
    return False


def _take_back(reading: Reading, wishes: list[Judged]) -> list[Judged]:
    """Mark what the text says is not wanted: "kivéve …", "… kivételével", "… nem kell"."""
    spots: list[tuple[int, bool]] = []
    for place, role in enumerate(reading.roles):
        if role & Role.EXCEPT:
            spots.append((reading.row[place].start, bool(_BACK.match(reading.row[place].text))))
    spots += [(match.start(), True) for match in _NOT_WANTED.finditer(reading.folded)]
    if not spots:
        return wishes
    refused = {index for spot, backward in spots for index in _refused(reading, wishes, spot, backward=backward)}
    return [replace(wish, negated=True) if index in refused else wish for index, wish in enumerate(wishes)]


def _refused(reading: Reading, wishes: list[Judged], spot: int, *, backward: bool) -> list[int]:
    """Indexes of the wishes that the words at `spot` refuse: the list right before it, or all behind it."""
    folded = reading.folded
    found: list[int] = []
    if backward:
        edge = spot
        for index in sorted(range(len(wishes)), key=lambda number: -wishes[number].end):
            wish = wishes[index]
            between = folded[wish.end : edge] if wish.end <= edge else None
            if between is None or wish.item is None:
                continue
            if re.search(r"[.!?;]\s|\n\n|\b(?:de|viszont|azonban|csak|ker\w*)\b", between) or len(between) > 30:
                break
            found.append(index)
            edge = wish.start
        if found:
            return found
    end = min(
        (place for mark in (".", "!", "?", "\n\n", " de ", " hanem ") if (place := folded.find(mark, spot)) >= 0),
        default=len(folded),
    )
    return [index for index, wish in enumerate(wishes) if wish.item and spot < wish.start < end]


def _left_over(reading: Reading, items: list[Item], spent: frozenset[int]) -> list[tuple[int, int]]:
    """Stretches of a module field that nothing explains."""
    owned = {place for item in items for place in range(item.first, item.last + 1)} | spent
    found: list[tuple[int, int]] = []
    last_place = -2
    for place, token in enumerate(reading.row):
        explained = place in owned or reading.roles[place] or token.text.isdecimal() or len(token.text) < 2
        if explained:
            continue
        if found and last_place == place - 1 and not _SPLIT.search(reading.gap(place - 1, place)):
            found[-1] = (found[-1][0], token.end)
        else:
            found.append((token.start, token.end))
        last_place = place
    return found
