"""The names of settlements as texts hold them: in any case, as adjectives, by nickname; prepared once per catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rules.catalogue import Catalogue, Settlement
from rules.phrase_index import PhraseIndex
from rules.text import fold, tokens

# Ends of names that change before the -i of the adjective: Lukácsháza → lukácsházi, Hegyeshalom → hegyeshalmi.
CHANGES: tuple[tuple[str, str], ...] = (
    *(("haza", "hazi"), ("falva", "falvi"), ("halom", "halmi"), ("falu", "falusi"), ("telek", "telki")),
    *(("torony", "tornyi"), ("sarok", "sarki"), ("eger", "egri")),
)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A settlement under one of its names; `adjective` for the form in -i; `official` unless by a nickname."""

    settlement: Settlement
    adjective: bool = False
    official: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class PlaceIndex:
    """`phrases` finds names in running text; `by_name` maps a folded name or alias to its settlement."""

    phrases: PhraseIndex[NamedPlace]
    by_name: dict[str, Settlement]
    districts: dict[int, Settlement]
    official: tuple[str, ...]


ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii"
DISTRICT_NUMBERS = {numeral: number for number, numeral in enumerate(ROMAN.split(), start=1)}


@lru_cache(maxsize=4)
def place_index(catalogue: Catalogue) -> PlaceIndex:
    """The index of the catalogue's settlements."""
    by_name = {fold(name): settlement for name, settlement in catalogue.settlements.items()}
    official = tuple(name for name in by_name if " " not in name)
    phrases = [(name, NamedPlace(settlement)) for name, settlement in by_name.items()]
    phrases += [
        (form, NamedPlace(settlement, adjective=True))
        for name, settlement in by_name.items()
        for form in adjectives(name)
    ]
    taken = {phrase for phrase, _ in phrases}
    for settlement in catalogue.settlements.values():
        for alias in settlement.aliases:
            name = fold(alias)
            if name in taken:
                continue
            by_name[name] = settlement
            forms = [(name, False), *((form, True) for form in adjectives(name))]
            phrases += [(form, NamedPlace(settlement, adj, official=False)) for form, adj in forms if form not in taken]
            taken |= {form for form, _ in forms}
    districts = {
        number: catalogue.settlements[name]
        for numeral, number in DISTRICT_NUMBERS.items()
        if (name := f"Budapest {numeral.upper()}. kerület") in catalogue.settlements
    }
    return PlaceIndex(PhraseIndex(phrases), by_name, districts, official)


def adjectives(name: str) -> tuple[str, ...]:
    """The folded forms in -i of a folded name: "mintafalui", "lukacshazi"."""
    if not name or not name[-1].isalpha():
        return ()
    changed = [name[: -len(old)] + new for old, new in CHANGES if name.endswith(old)]
    return (*changed, *(() if name.endswith("i") else (name + "i",)))


def base_of_adjective(word: str) -> str:
    """The probable name behind an unknown adjective in -i, in the word's own letters ("Barackosvölgyi" → …völgy)."""
    folded = fold(word)
    for old, new in CHANGES:
        if folded.endswith(new) and len(folded) > len(new) + 1 and new != "falusi":
            return word[: -len(new)] + {"haza": "háza", "falva": "falva", "halom": "halom"}.get(old, old)
    return word[:-1] if folded.endswith("i") and len(word) > 4 else word


def nearest_place(word: str, index: PlaceIndex) -> Settlement | None:
    """The one settlement whose name is a slip of the pen away from `word`; None where none or several are."""
    name = "".join(token.text for token in tokens(word))
    if name in index.by_name:
        return index.by_name[name]
    if len(name) < 5:
        return None
    slips = 1 if len(name) < 10 else 2
    near = process.extract(name, index.official, scorer=OSA.distance, score_cutoff=slips, limit=3)
    same_start = [(found, distance) for found, distance, _ in near if found[:1] == name[:1]]
    if not same_start or (len(same_start) > 1 and same_start[0][1] == same_start[1][1]):
        return None
    return index.by_name[same_start[0][0]]
