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
    """A settlement under one of its names; `adjective` for the form in -i; `plain`: it is nothing else."""

    settlement: Settlement
    adjective: bool = False
    plain: bool = True
    official: bool = True
    twins: tuple[Settlement, ...] = ()  # those whose names differ in accents only: Komló and Kömlő

    def written_as(self, word: str) -> Settlement:
        """The settlement meant by `word` with its accents: of twins the one that differs in fewest letters."""
        if not self.twins:
            return self.settlement
        return min(
            self.twins, key=lambda place: sum(a != b for a, b in zip(place.name.lower(), word.lower(), strict=False))
        )


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
    phrases: dict[str, NamedPlace] = {}
    names = [(name, place, place.plain) for name, place in by_name.items()]
    names += [(fold(alias), place, True) for place in catalogue.settlements.values() for alias in place.aliases]
    names += [(fold(part), place, False) for place in catalogue.settlements.values() for part in place.parts]
    twins: dict[str, list[Settlement]] = {}
    for place in catalogue.settlements.values():
        twins.setdefault(fold(place.name), []).append(place)
    for name, place, plain in names:  # official names first: no alias may hide one
        if name not in phrases:
            by_name.setdefault(name, place)
            phrases[name] = NamedPlace(
                place, plain=plain, official=name == fold(place.name), twins=_twins(twins, place)
            )
    for name, place, plain in names:
        for form in adjectives(name):
            phrases.setdefault(form, NamedPlace(place, True, plain, False, _twins(twins, place)))
    districts = {
        number: catalogue.settlements[name]
        for numeral, number in DISTRICT_NUMBERS.items()
        if (name := f"Budapest {numeral.upper()}. kerület") in catalogue.settlements
    }
    return PlaceIndex(PhraseIndex(phrases.items()), by_name, districts, official)


def _twins(found: dict[str, list[Settlement]], place: Settlement) -> tuple[Settlement, ...]:
    same = found.get(fold(place.name), [])
    return tuple(same) if len(same) > 1 else ()


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
