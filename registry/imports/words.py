"""Words of modules from a file: which module, which word, and where it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.corrections import Tier
from registry.imports.headings import require_table
from registry.imports.sheets import parse_sheets
from rules.catalogue import Catalogue
from rules.text import fold

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "module": ("module", "modul", "tananyag", "probonoazonosito", "azonosito", "rovidnev", "szakrendszer"),
    "word": ("word", "szo", "kifejezes", "alias", "szavak"),
    "tier": ("tier", "hol", "holszamit"),
}
TIERS = {
    "": Tier.ASKED,
    "barhol": Tier.ANYWHERE,
    "anywhere": Tier.ANYWHERE,
    "keresben": Tier.ASKED,
    "asked": Tier.ASKED,
    "tananyagmezoben": Tier.FIELD,
    "field": Tier.FIELD,
}


@dataclass(frozen=True, slots=True)
class WordLine:
    """A row of the file: `module` is a ProBono identifier and `tier` a Tier, each "" where the file's word is none."""

    line: int
    module: str
    tier: str
    word: str


def read_words(data: bytes, catalogue: Catalogue) -> Iterator[WordLine]:
    """The rows with a word. Modules go by identifier or short name. Raises UnreadableFileError."""
    table = require_table(parse_sheets(data), HEADINGS, ("module", "word"))
    modules = {fold(name): one.id for one in catalogue.modules for name in (one.id, one.short_name)}
    for line, record in table.records():
        if record["word"]:
            tier = TIERS.get(fold(record.get("tier", "")).strip(), "")
            yield WordLine(line, modules.get(fold(record["module"]).strip(), ""), tier, record["word"])
