"""Counties and settlements as files write them, in the catalogue's words. Pure."""

from __future__ import annotations

import re

from rules.catalogue import Catalogue
from rules.text import fold

ONES = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
ROMAN = [f"{ten}{one}" for ten in ("", "X", "XX") for one in ONES]
DISTRICT = re.compile(r"budapest\s+(?:fovaros\s+)?(\d{1,2}|[ivx]+)\s*\.?\s*ker(?:\b|ulet)")
LONGEST_NAME = 3  # words
COUNTY_WORD = re.compile(r"\s+(var)?megye$")


class Places:
    """Looks names up in a catalogue, whatever their case, accents and the word "megye" after them.

    A name with the right accents wins over one that only looks alike without them (Bánk and Bank).
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._counties = {fold(name): name for name in catalogue.counties}
        for name, spellings in catalogue.counties.items():
            self._counties |= {fold(spelling): name for spelling in spellings}
        self._counties |= {"fovaros": "Budapest"}
        names = [place.name for place in catalogue.settlements.values()]
        self._settlements = {fold(name): name for name in names} | {name.lower(): name for name in names}
        adjectives = {form: name for name in names for form in _adjectives(fold(name))}
        self._adjectives = adjectives | {form: name for name in names for form in _adjectives(name.lower())}

    def county(self, text: str) -> str:
        """The county's name in the catalogue, "" where there is none."""
        key = fold(text).strip()
        return self._counties.get(key) or self._counties.get(COUNTY_WORD.sub("", key), "")

    def settlement(self, text: str) -> str:
        """The settlement's name in the catalogue, "" where there is none; Budapest's districts in any spelling."""
        words = " ".join(text.lower().split())
        district = DISTRICT.search(fold(words))
        if district:
            number = district[1].upper()
            roman = ROMAN[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(ROMAN) else number
            words = f"budapest {roman}. kerület".lower()
        return self._settlements.get(words) or self._settlements.get(fold(words), "")

    def settlement_of_body(self, name: str) -> str:
        """The settlement in an office's or council's name ("Mintafalu Község Önkormányzata"), "" where unsure.

        Only a name that begins with the settlement counts, alone or as the adjective in -i.
        """
        if whole := self.settlement(name):
            return whole
        words = name.lower().split()
        for length in range(min(len(words), LONGEST_NAME), 0, -1):
            written = " ".join(words[:length])
            for beginning in (written, fold(written)):
                found = self._settlements.get(beginning) or self._adjectives.get(beginning)
                if found:
                    return found
        return ""


def _adjectives(key: str) -> set[str]:
    """The forms in -i of a settlement's name in small letters: Pilisi, Lukácsházi, Sándorfalvi, Hegyeshalmi, Egri."""
    forms = {key if key.endswith("i") else key + "i"}
    if key.endswith(("haza", "háza", "falva")):
        forms.add(key[:-1] + "i")
    if key.endswith("halom"):
        forms.add(key[:-2] + "mi")
    if key == "eger":
        forms.add("egri")
    return forms
