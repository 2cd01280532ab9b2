"""Read config/data/ into the Catalogue that the rules think with. The only place that knows these files' shapes.

Every file names its source, date and version. Adding a word, a spelling or a settlement's name needs no code: a word
list is any TOML key of config/data/phrases/*.toml or of the lists below. An error names the file and the key or line.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rules.catalogue import Catalogue, County, Module, Settlement
from rules.module_faults import find_faults
from rules.text import fold

DATA = Path(__file__).parent / "data"
MODULE_WORDS = (
    *("nouns", "learning", "tasks", "duties", "ordinary", "uninflected", "asks", "jobs", "all", "full", "except"),
    *("joins", "fillers", "other_systems", "other_fields"),
)
FAULTS = {  # rules/module_faults.py's codes, for whoever edits the file; the page has its own words for them
    "empty": "has no letters",
    "signs": "has signs that no word has",
    "long": "is too long",
    "short": "is too short to count there",
    "another": "names already",
    "swallows": "is a stem that swallows another module's",
    "common": "stands in every request, see",
}


class DataError(Exception):
    """A data file is missing or wrong; the message names the file and the key or line."""


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """The catalogue of config/data/, read once; raises DataError."""
    return read_catalogue(DATA)


def read_catalogue(folder: Path) -> Catalogue:
    """Read and check the data files in `folder`; raises DataError."""
    digest = hashlib.sha256()
    tables = {path.stem: _table(path, digest) for path in sorted(folder.glob("*.toml"))}
    try:
        counties = tuple(_counties(tables["counties"]))
        words = _role_words(tables["role_words"])
        words |= _lists("jegyzo_words", tables["jegyzo_words"]) | _lists("place_words", tables["place_words"])
        words |= {f"module_{key}": _words("modules.toml", tables["modules"], key) for key in MODULE_WORDS}
        words["county_words"] = _words("counties.toml", tables["counties"], "county_words")
        words["email_providers"] = _words("email_providers.toml", tables["email_providers"], "email_providers")
        words |= _lists("top_level_domains", tables["top_level_domains"])
        for path in sorted((folder / "phrases").glob("*.toml")):
            words |= _lists(path.stem, _table(path, digest, sourced=False), known=words)
        modules = tuple(_modules(tables["modules"]))
        if fault := next(find_faults(modules, words), None):
            told = f"{FAULTS[fault.code]} {fault.other}".rstrip()
            raise DataError(f"modules.toml: {fault.module}: {fault.word!r} {told}")
        return Catalogue(
            modules=modules,
            counties=MappingProxyType({county.name: county.spellings for county in counties}),
            county_data=counties,
            settlements=MappingProxyType(_settlements(folder, digest, tables["settlement_names"], counties)),
            given_names=frozenset(fold(name) for name in _words("given_names.toml", tables["given_names"], "names")),
            nicknames=MappingProxyType(_nicknames(tables["nicknames"])),
            words=MappingProxyType(words),
            email_typos=MappingProxyType(_typos(tables["email_providers"])),
            version=digest.hexdigest()[:12],
        )
    except KeyError as error:
        raise DataError(f"config/data: the file or key {error} is missing") from None


def _table(path: Path, digest: Any, *, sourced: bool = True) -> dict[str, Any]:
    data = path.read_bytes()
    digest.update(data)
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name}: {error}") from None
    missing = [key for key in ("source", "date", "version") if sourced and not isinstance(table.get(key), str)]
    if missing:
        raise DataError(f"{path.name}: {missing[0]} is missing")
    return table


def _words(file: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of words: an array of strings, or one string cut at blanks; repeats are dropped."""
    value = table.get(key)
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise DataError(f"{file}: {key}: must be a list of words")
    return tuple(dict.fromkeys(value))


def _lists(
    file: str, table: Mapping[str, Any], known: Mapping[str, object] | None = None
) -> dict[str, tuple[str, ...]]:
    keys = [key for key in table if key not in ("source", "date", "version")]
    twice = [key for key in keys if known and key in known]
    if twice:
        raise DataError(f"{file}.toml: {twice[0]}: this list stands in another file already")
    return {key: _words(f"{file}.toml", table, key) for key in keys}


def _role_words(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    lists = _lists("role_words", table)
    kinds = {f"role_words_{kind}": lists.pop(kind) for kind in ("ambiguous", "short", "stems")}
    roles = tuple(dict.fromkeys(word for words in lists.values() for word in words))
    return {"role_words": roles} | kinds


def _counties(table: Mapping[str, Any]) -> Iterator[County]:
    owners: dict[str, str] = {}
    for entry in table["county"]:
        name = entry.get("name", "?")
        lists = {
            key: _words(f"counties.toml: {name}", entry, key) if key in entry else () for key in ("alone", "upper")
        }
        spellings = _words(f"counties.toml: {name}", entry, "spellings")
        for spelling in spellings:
            owner = owners.setdefault(fold(spelling), name)
            if owner != name:
                raise DataError(f"counties.toml: {name}: {spelling!r} is a spelling of {owner} already")
        yield County(name=name, spellings=spellings, **lists)


def _modules(table: Mapping[str, Any]) -> Iterator[Module]:
    ids: set[str] = set()
    for row in table["module"]:
        missing = next((key for key in ("id", "short_name", "probono_name") if not isinstance(row.get(key), str)), "")
        if missing:
            raise DataError(f"modules.toml: {row.get('id', f'entry {len(ids) + 1}')}: {missing} is missing")
        if row["id"] in ids:
            raise DataError(f"modules.toml: {row['id']} stands twice")
        ids.add(row["id"])
    for row in table["module"]:
        file = f"modules.toml: {row['id']}"
        if row.get("inside", row["id"]) not in ids:
            raise DataError(f"{file}: inside: there is no such module")
        yield Module(
            id=row["id"],
            short_name=row["short_name"],
            probono_name=row["probono_name"],
            inside=row.get("inside", ""),
            family=row.get("family", ""),
            aliases=_words(file, row, "anywhere"),
            asked=_words(file, row, "asked"),
            field=_words(file, row, "field"),
        )


def _nicknames(table: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    entries = table["nicknames"].items()
    return {fold(name): frozenset(fold(nickname) for nickname in value.split()) for name, value in entries}


def _typos(table: Mapping[str, Any]) -> dict[str, str]:
    return {typo: domain for domain, typos in table["email_typos"].items() for typo in typos.split()}


def _settlements(
    folder: Path, digest: Any, names: Mapping[str, Any], counties: tuple[County, ...]
) -> dict[str, Settlement]:
    path = folder / "settlements.csv"
    if not path.is_file():
        raise DataError("settlements.csv: is missing; tools/make_settlements.py makes it")
    data = path.read_bytes()
    digest.update(data)
    known = {county.name for county in counties}
    others = names["aliases"] | names["districts"]
    not_plain = set(names["not_plain"]["names"].split())
    towns = set(names["not_plain"]["towns"].split())
    settlements: dict[str, Settlement] = {}
    for number, line in enumerate(csv.reader(data.decode("utf-8").splitlines()), start=1):
        if line[0].startswith("#") or line == ["name", "county", "postcodes", "parts"]:
            continue
        if len(line) != 4 or line[1] not in known or line[0] in settlements:
            raise DataError(f"settlements.csv: line {number}: needs a new name, a county, postcodes and parts")
        name, county, postcodes, parts = line
        settlements[name] = Settlement(
            name=name,
            county=county,
            aliases=tuple(others.get(name, ())),
            postcodes=tuple(postcodes.split()),
            plain=name not in not_plain,
            parts=tuple(part for part in parts.split("|") if part),
            read_inflected=name not in not_plain or name in towns,
        )
    strangers = (set(others) | not_plain | towns) - set(settlements)
    if strangers:
        raise DataError(f"settlement_names.toml: {min(strangers)}: there is no such settlement in settlements.csv")
    return settlements
