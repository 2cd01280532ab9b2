"""The training modules asked for in a text: by name, ProBono identifier, everyday word, with small typing errors.

Words like adó, bank, irat or Kati are also everything else, so each counts only where its tier allows
(config/data/modules.toml): anywhere, in a sentence that asks, or in a module field and beside other modules.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from rules.catalogue import Catalogue
from rules.reading.module_items import read_items
from rules.reading.module_judgement import accept_in_field, accept_in_text
from rules.reading.module_scope import Wish, drop_family_names, find_left_over, find_quantifiers, take_back
from rules.reading.module_words import SHORTEST_SLIP, Role, module_words
from rules.recurring import remember_short
from rules.text import tokens


class WishKind(StrEnum):
    """How a wish was put."""

    NAME = "name"
    IDENTIFIER = "identifier"
    EVERYTHING = "everything"  # "az összes szakrendszer": every row that is not inside a "teljes" one


@dataclass(frozen=True, slots=True)
class ModuleHit:
    """A wish at `start`–`end` for the rows `ids`; `negated` where the text says that it is not wanted."""

    start: int
    end: int
    excerpt: str
    ids: tuple[str, ...]
    kind: WishKind
    certainty: float
    negated: bool = False
    typo: bool = False


@dataclass(frozen=True, slots=True)
class UnknownWish:
    """Something asked for at `start`–`end` that fits no row."""

    start: int
    end: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class ModuleReading:
    """All wishes of a text, in order of place."""

    hits: tuple[ModuleHit, ...]
    unknown: tuple[UnknownWish, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The rows wanted, each once, in order; those that the text takes back left out."""
        refused = {one for hit in self.hits if hit.negated for one in hit.ids}
        wanted = (one for hit in self.hits if not hit.negated for one in hit.ids)
        return tuple(dict.fromkeys(one for one in wanted if one not in refused))


_SPEAKS_OF_ONE = Role.ALL | Role.FULL | Role.CORE_NOUN  # without any such word running text names no module at all
_NOTHING = ModuleReading(())


@remember_short()
def find_modules(text: str, catalogue: Catalogue, *, in_field: bool = False) -> ModuleReading:
    """The modules wished for in `text`; `in_field` for the content of a module field, column or answer."""
    words = module_words(catalogue)
    reading = read_items(text, words, in_field=in_field)
    if not in_field and not reading.items and not any(role & _SPEAKS_OF_ONE for role in reading.roles):
        return _NOTHING
    kept = accept_in_field(reading, words) if in_field else accept_in_text(reading, words)
    everything, spent = find_quantifiers(reading, kept, in_field=in_field)
    kept = drop_family_names(reading, kept, spent)
    rows = [Wish(item, item.start, item.end, certainty) for item, certainty in kept if item.row]
    strange = [(item.start, item.end) for item, _ in kept if not item.row]
    if in_field:
        strange += find_left_over(reading, kept, spent)
    wishes = sorted(take_back(reading, [*rows, *everything]), key=lambda wish: wish.start)
    return ModuleReading(
        hits=tuple(_hit(text, wish, words.everything) for wish in wishes),
        unknown=tuple(UnknownWish(start, end, text[start:end]) for start, end in sorted(set(strange))),
    )


def closest_modules(wish: str, catalogue: Catalogue, limit: int = 2) -> tuple[str, ...]:
    """Ids of the rows one of whose words is most like a word of `wish`, the likest first; empty where none is.

    The end of a compound alone is like nothing: "nyilvántartás" is no wish for adónyilvántartás.
    """
    spelled = module_words(catalogue).spelled
    found: dict[str, float] = {}
    for token in tokens(wish):
        if len(token.text) >= SHORTEST_SLIP:
            for word, score, _ in process.extract(
                token.text, spelled.keys(), scorer=fuzz.ratio, score_cutoff=80, limit=5
            ):
                if word != token.text and word.endswith(token.text):
                    continue
                one = spelled[word].module.id
                found[one] = max(score, found.get(one, 0.0))
    return tuple(sorted(found, key=lambda one: -found[one]))[:limit]


def _hit(text: str, wish: Wish, everything: tuple[str, ...]) -> ModuleHit:
    if wish.item is None or wish.item.row is None:
        return ModuleHit(wish.start, wish.end, text[wish.start : wish.end], everything, WishKind.EVERYTHING, 0.9)
    return ModuleHit(
        start=wish.start,
        end=wish.end,
        excerpt=text[wish.start : wish.end],
        ids=(wish.item.row.module.id,),
        kind=WishKind.IDENTIFIER if wish.item.identifier else WishKind.NAME,
        certainty=wish.certainty,
        negated=wish.negated,
        typo=wish.item.typo,
    )
