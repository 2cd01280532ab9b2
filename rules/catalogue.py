"""The data the rules think with: modules, counties, settlements, words. One immutable value, handed in.

`config.catalogue.load_catalogue` fills it from the files in config/data/; nothing here reads a file. A catalogue is
compared by identity, so that what a finder prepares from it can be kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Module:
    """A row of the FAQ's table. `inside` is the id of the "teljes" row that contains it, if any.

    `aliases` are the words that name it wherever they stand, `asked` those that need a request around them, `field`
    those that count only in a module field or beside another module (config/data/modules.toml tells the language).
    `family` ties it to its "teljes" row even where that does not contain it.
    """

    id: str  # ProBono identifier, e.g. PM-2773-2105-BS
    short_name: str
    probono_name: str
    inside: str = ""
    aliases: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    family: str = ""


@dataclass(frozen=True, slots=True)
class County:
    """How a county's name is written: `spellings` with "megye" or in a county field, `alone` and `upper` anywhere.

    `upper` are abbreviations that must stand exactly so.
    """

    name: str
    spellings: tuple[str, ...]
    alone: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement or Budapest district; `aliases` are nicknames, abbreviations and former names.

    `plain` is False where the name is also an ordinary word or a name of people: then it counts only in a field, an
    institution's name or an address, `read_inflected` where it may also carry a case ("Pápán"). Its `parts` (town
    parts, united villages) are never plain.
    """

    name: str
    county: str
    aliases: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    plain: bool = True
    parts: tuple[str, ...] = ()
    read_inflected: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Everything the rules look words up in.

    `version` names the data files' state (a digest); `counties` maps a county to its accepted spellings, `county_data`
    tells which of them count where; `nicknames` maps a folded given name to its folded nicknames; `words` holds the
    remaining word lists by name (role_words, jegyzo_words, email_providers, module_nouns …), each folded unless its
    file says otherwise.
    """

    version: str
    modules: tuple[Module, ...]
    counties: Mapping[str, tuple[str, ...]]
    settlements: Mapping[str, Settlement]
    given_names: frozenset[str] = frozenset()
    nicknames: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    county_data: tuple[County, ...] = ()
    email_typos: Mapping[str, str] = field(default_factory=dict)
