"""Which column is which: the headings people and offices really use, Hungarian and English. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from registry.imports.sheets import Row, Sheet, UnreadableFileError
from rules.text import fold

SEARCHED_ROWS = 25

EMAIL = ("email", "emailcim", "emailcime", "emailaddress", "address", "mail", "levelcim", "elektronikuslevelcim")
COUNTY = ("county", "megye", "varmegye", "megyeneve", "varmegyeneve", "megyemegnevezese", "varmegyemegnevezese")
SETTLEMENT = (
    "settlement",
    "municipality",
    "telepules",
    "telepulesneve",
    "helyseg",
    "helysegnev",
    "helysegmegnevezese",
    "telepulesmegnevezese",
    "szekhely",
    "szekhelytelepules",
    "onkormanyzat",
)
FULL_NAME = ("name", "fullname", "nev", "teljesnev", "neve", "jegyzo", "jegyzoneve")
ACCOUNTS: Mapping[str, tuple[str, ...]] = {
    "email": EMAIL,
    "username": ("username", "felhasznalonev", "felhasznaloinev", "login", "loginnev"),
    "full_name": FULL_NAME,
    "lastname": ("lastname", "surname", "vezeteknev", "csaladinev", "csaladnev"),
    "firstname": ("firstname", "keresztnev", "utonev", "givenname"),
}
REGISTER: Mapping[str, tuple[str, ...]] = {
    "pir": (
        "pir",
        "pirszam",
        "pirszama",
        "pirkod",
        "pirazonosito",
        "torzskonyviazonosito",
        "torzskonyviazonositoszam",
        "torzskonyviazonositoszampir",
        "torzskonyviazonositopir",
        "torzsszam",
        "pirtorzsszam",
    ),
    "name": (
        "name",
        "nev",
        "neve",
        "megnevezes",
        "megnevezese",
        "szervneve",
        "szervmegnevezese",
        "hivatalosnev",
        "onkormanyzatneve",
        "onkormanyzatmegnevezese",
        "intezmenyneve",
        "onkormanyzat",
        "municipality",
    ),
    "settlement": tuple(word for word in SETTLEMENT if word not in ("onkormanyzat", "municipality")),
    "county": COUNTY,
}
GAZETTEER: Mapping[str, tuple[str, ...]] = {
    "settlement": (*SETTLEMENT, "name", "nev"),
    "county": COUNTY,
    "seat": (
        "seat",
        "jointofficeseat",
        "polgarmesterihivatalkozosonkormanyzatihivatalszekhelye",
        "kozosonkormanyzatihivatalszekhelye",
        "onkormanyzatihivatalszekhelye",
        "hivatalszekhelye",
    ),
}
CLERKS: Mapping[str, tuple[str, ...]] = {
    "municipality": SETTLEMENT,
    "address": (*EMAIL, "jegyzoemail", "jegyzoemailcime"),
    "name": FULL_NAME,
}


@dataclass(frozen=True, slots=True)
class Table:
    """The data rows under a heading row that was understood; `columns` maps a field to its place in a row."""

    columns: Mapping[str, int]
    rows: tuple[Row, ...]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(line, {field: text}) of each row; columns that the file lacks are left out, short rows filled up."""
        for row in self.rows:
            yield (
                row.line,
                {name: row.cells[place] if place < len(row.cells) else "" for name, place in self.columns.items()},
            )


def find_table(sheets: list[Sheet], fields: Mapping[str, tuple[str, ...]], required: Collection[str]) -> Table | None:
    """The first sheet with a heading row that names every required field; None where there is none."""
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
            columns = _columns(row, fields)
            if all(name in columns for name in required):
                return Table(columns, sheet.rows[index + 1 :])
    return None


def require_table(sheets: list[Sheet], fields: Mapping[str, tuple[str, ...]], required: Collection[str]) -> Table:
    """`find_table`, or an UnreadableFileError that says which columns were looked for and what stands there."""
    table = find_table(sheets, fields, required)
    if table is None:
        wanted = ", ".join(f"{name} ({'/'.join(fields[name][:3])})" for name in required)
        seen = ", ".join(cell for cell in sheets[0].rows[0].cells if cell)[:200] if sheets and sheets[0].rows else "-"
        raise UnreadableFileError("no_heading", wanted=wanted, seen=seen)
    return table


def _columns(row: Row, fields: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    keys = ["".join(char for char in fold(cell) if char.isalnum()) for cell in row.cells]
    found: dict[str, int] = {}
    for name, words in fields.items():
        place = next((keys.index(word) for word in words if word in keys), None)
        if place is not None and place not in found.values():
            found[name] = place
    return found
