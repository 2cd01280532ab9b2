"""The data the rules think with: modules, counties, settlements, words. One immutable value, handed in.

`config.catalogue.load_catalogue` fills it from the files in config/data/; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Module:
    """A row of the FAQ's table. `inside` is the id of the "teljes" row that contains it, if any."""

    id: str  # ProBono identifier, e.g. PM-2773-2105-BS
    short_name: str
    probono_name: str
    inside: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement or Budapest district; `aliases` are nicknames, abbreviations and former names."""

    name: str
    county: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the rules look words up in.

    `version` names the data files' state (a digest); `counties` maps a county to its accepted spellings;
    `nicknames` maps a folded given name to its folded nicknames; `words` holds the remaining word lists by name
    (role_words, jegyzo_words, password_phrases, automatic_subjects …), each folded unless its file says otherwise.
    """

    version: str
    modules: tuple[Module, ...]
    counties: Mapping[str, tuple[str, ...]]
    settlements: Mapping[str, Settlement]
    given_names: frozenset[str] = frozenset()
    nicknames: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
