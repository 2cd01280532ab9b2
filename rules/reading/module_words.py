"""The words of module wishes, prepared once per catalogue: rows by tier, nouns, quantifiers, verbs of asking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rules.catalogue import Catalogue, Module
from rules.phrase_index import PhraseIndex, phrase_words
from rules.recurring import Known
from rules.text import fold

SHORTEST_SLIP = 6  # letters from which a word is recognised with a slip of the pen
LONG_NAME = 4  # phrases from this many words on are official names: they may hold commas and line ends


class Tier(Enum):
    """Where a module's word counts (config/data/modules.toml)."""

    ANYWHERE = 1
    ASKED = 2
    FIELD = 3


class Role:
    """What else a word does in a wish, as bits of a plain integer: one word may do several things."""

    NONE = 0
    NOUN = 1  # szakrendszer, modul, tananyag
    CORE_NOUN = 2  # those of the nouns that make the word before them a module's name
    ASK = 4  # kérem, szeretnénk, regisztráció
    JOB = 8  # ügyintéző, csoport: the word before them is a job's
    ALL = 16  # mind, összes
    FULL = 32  # teljes: beside a family's name
    EXCEPT = 64  # kivéve, nélkül
    JOIN = 128  # és, valamint, a, az
    FILLER = 256  # says nothing in a module field
    LISTED = 512  # alábbi, felsorolt: "all" of a list that follows
    TASK = 1024  # kezelése, vezetése: what is done with the matter of the word before them
    DUTY = 2048  # csinálom, rám maradt: whose duty it is
    ORDINARY = 4096  # a module's word that is first of all an ordinary one: űrlap, honlap


@dataclass(frozen=True, slots=True)
class Row:
    """A module as one of its words names it; `bare_family`: only the family's name, without "teljes"."""

    module: Module
    tier: Tier
    bare_family: bool = False
    duty: bool = False  # a verb of somebody's duties: iktatni, postázok
    officer: bool = False  # the word "ügyintéző", which is first of all a job


@dataclass(frozen=True, slots=True, eq=False)
class ModuleWords:
    """All that the finder asks: `rows` and `systems` by phrase, `roles` by word, modules by serial."""

    rows: PhraseIndex[Row]
    others: PhraseIndex[bool]  # wishes that fit no row: is it the proper name of a system?
    roles: Known[int]  # all the roles of a folded word
    by_serial: dict[str, Module]
    spelled: dict[str, Row]
    everything: tuple[str, ...]

    firsts: dict[str, tuple[str, ...]]  # the first words of names by the first four letters of their second

    def first_word(self, token: str, following: str) -> str:
        """The first word of a name that the folded `token` before `following` is a slip of the pen from, or ""."""
        firsts = self.firsts.get(following[:4], ())
        if token in firsts:
            return ""
        return next((word for word in firsts if OSA.distance(token, word, score_cutoff=1) == 1), "")


SHORTEST_INFLECTED = 4  # letters of a name that is no abbreviation
# Endings of nouns and adjectives; not "ours" and "theirs", which are people's: iktatónk, pénztárosunk.
_AFTER_VOWEL = (("k", "ja", "je", "jai", "jei", "i"), ("s",))
_AFTER_CONSONANT = (("ok", "ek", "ak", "a", "e", "ai", "ei", "jai", "jei"), ("os", "es", "as", "i"))
_LONG_NOUNS = ("szakrendszer", "tananyag", "tanfolyam", "szakmodul")  # the others are a slip away from other words
LISTED = ("alabbi*", "kovetkezo*", "felsorolt*", "fenti*", "megjelolt*", "emlitett*", "alant*", "kijelolt*")
_LIST_NAMES = {
    "nouns": Role.NOUN,
    "learning": Role.CORE_NOUN | Role.NOUN,
    "tasks": Role.TASK,
    "duties": Role.DUTY,
    "ordinary": Role.ORDINARY,
    "asks": Role.ASK,
    "jobs": Role.JOB,
    "all": Role.ALL,
    "full": Role.FULL,
    "except": Role.EXCEPT,
    "joins": Role.JOIN,
    "fillers": Role.FILLER,
}


@lru_cache(maxsize=4)
def module_words(catalogue: Catalogue) -> ModuleWords:
    """The prepared words of the catalogue's modules."""
    rows: list[tuple[str, Row]] = []
    for module in catalogue.modules:
        names = [(module.probono_name, Tier.ANYWHERE), (module.short_name, Tier.ANYWHERE)]
        names = [pair for pair in names if len(phrase_words(pair[0])) > 1]  # "Keret" alone is an ordinary word
        names += [(word, Tier.ANYWHERE) for word in module.aliases]
        names += [(word, Tier.ASKED) for word in module.asked] + [(word, Tier.FIELD) for word in module.field]
        rows += [(_loose_end(word), _row(module, tier, word)) for word, tier in names]
    roles: list[tuple[str, int]] = [(word, Role.LISTED) for word in LISTED]
    for name, role in _LIST_NAMES.items():
        roles += [(word, role) for word in catalogue.words.get(f"module_{name}", ())]
    others = [(word, True) for word in catalogue.words.get("module_other_systems", ())]
    others += [(word, False) for word in catalogue.words.get("module_other_fields", ())]
    return ModuleWords(
        rows=PhraseIndex([*rows, *_inflected(rows, frozenset(catalogue.words.get("module_uninflected", ())))]),
        others=PhraseIndex(others),
        roles=_known_roles(PhraseIndex([(word, role) for word, role in roles if len(phrase_words(word)) == 1])),
        by_serial={module.id.split("-")[1]: module for module in catalogue.modules},
        spelled=_spelled(rows),
        firsts=_firsts(rows),
        everything=tuple(module.id for module in catalogue.modules if not module.inside),
    )


def _row(module: Module, tier: Tier, phrase: str) -> Row:
    """The row of a module as `phrase` names it; a duty is an infinitive or its first person ("iktatni", "iktatok")."""
    last = fold(phrase).rpartition(" ")[2]
    verbs = {last, last[:-2] + "ni", last[:-2] + "ani", last[:-3] + "ni"} & {
        fold(word).rpartition(" ")[2] for word in module.field
    }
    duty = tier is Tier.FIELD and any(verb.endswith("ni") for verb in verbs)
    return Row(module, tier, _is_bare_family(module, phrase), duty, officer=fold(phrase).startswith("ugyintez"))


def _loose_end(phrase: str) -> str:
    """A long official name may be inflected at its end, and its last words are often cut."""
    return phrase if len(phrase_words(phrase)) < LONG_NAME else phrase.rstrip(") ") + "*"


def _inflected(rows: list[tuple[str, Row]], fixed: frozenset[str]) -> Iterator[tuple[str, Row]]:
    """The plurals, possessives and adjectives of the words, to which case endings are added ("eszközeinek")."""
    stems = tuple(phrase[:-1] for phrase, _ in rows if phrase.endswith("*"))
    for phrase, row in rows:
        if row.duty or phrase.endswith("*") or phrase in fixed or len(phrase) < SHORTEST_INFLECTED:
            continue
        adjective = replace(row, tier=Tier.FIELD if row.tier is Tier.ASKED else row.tier)
        nouns, adjectives = _AFTER_VOWEL if phrase[-1] in "aeiou" else _AFTER_CONSONANT
        forms = [(phrase + ending, row) for ending in nouns] + [(phrase + ending, adjective) for ending in adjectives]
        yield from (form for form in forms if not form[0].startswith(stems))


def _is_bare_family(module: Module, phrase: str) -> bool:
    """Is this a "teljes" row named without "teljes" (irat, gazdálkodási szakrendszer, pénzügy)?"""
    return module.short_name.endswith("teljes") and not re.search(r"teljes|alapismeret", fold(phrase))


def _spelled(rows: list[tuple[str, Row]]) -> dict[str, Row]:
    """Single words long enough to be recognised with a slip of the pen."""
    words: dict[str, Row] = {}
    for phrase, row in rows:
        parts = phrase_words(phrase)
        if row.duty:  # "postafiók" is no slip of "postázok"
            continue
        if len(parts) == 1 and len(parts[0].rstrip("*")) >= SHORTEST_SLIP:
            words.setdefault(parts[0].rstrip("*"), row)
    return words


def _known_roles(roles: PhraseIndex[int]) -> Known[int]:
    def of(token: str) -> int:
        role = Role.NONE
        for _, value in roles.meanings(token):
            role |= value
        return role or (Role.CORE_NOUN | Role.NOUN | Role.ASK if _is_misspelt_noun(token) else role)

    return Known(of)


def _is_misspelt_noun(token: str) -> bool:
    """Is the folded word a slip of the pen away from a long noun, perhaps inflected ("tannyagra", "szakrenszert")?"""
    if len(token) < SHORTEST_SLIP:
        return False
    return any(
        token[0] == noun[0] and OSA.distance(token[:length], noun, score_cutoff=1) <= 1
        for noun in _LONG_NOUNS
        for length in (len(noun) - 1, len(noun), len(noun) + 1)
    )


def _firsts(rows: list[tuple[str, Row]]) -> dict[str, tuple[str, ...]]:
    pairs: dict[str, set[str]] = {}
    for phrase, _ in rows:
        words = phrase_words(phrase)
        if len(words) > 1 and len(words[0]) >= SHORTEST_SLIP + 1 and not words[0].endswith("*"):
            pairs.setdefault(words[1][:4], set()).add(words[0])
    return {start: tuple(sorted(firsts)) for start, firsts in pairs.items()}


@lru_cache(maxsize=4096)  # the same words come in mail after mail
def misspelt_row(token: str, words: ModuleWords) -> Row | None:
    """The one module whose word is a slip of the pen away from the folded `token`; None where none or several are."""
    if len(token) < SHORTEST_SLIP or words.rows.meanings(token):
        return None
    slips = 1 if len(token) < 8 else 2
    like = [word for word in words.spelled if -slips <= len(word) - len(token) <= slips]
    near = process.extract(token, like, scorer=OSA.distance, score_cutoff=slips, limit=4)
    best = [name for name, distance, _ in near if distance == near[0][1] and name[0] == token[0]]
    modules = {words.spelled[name].module.id for name in best}
    return words.spelled[best[0]] if len(modules) == 1 else None
