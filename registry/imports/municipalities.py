"""The official register (name, PIR, county), and the statistical office's gazetteer (counties, joint offices)."""

from __future__ import annotations

from registry.imports.headings import GAZETTEER, REGISTER, Table, find_table, require_table
from registry.imports.lengths import too_long
from registry.imports.places import Places
from registry.imports.report import Reading
from registry.imports.sheets import Sheet, UnreadableFileError
from registry.models import Municipality, Settlement

PIR_LENGTH = 6
TOTALS = ("összesen", "ország összesen", "mindösszesen")


def is_register(sheets: list[Sheet]) -> bool:
    """Whether it is a register (it has a PIR column) rather than a gazetteer (it has none).

    Raises UnreadableFileError where it is neither.
    """
    if find_table(sheets, REGISTER, ("pir", "name")) is not None:
        return True
    if find_table(sheets, GAZETTEER, ("settlement", "county")) is not None:
        return False
    require_table(sheets, REGISTER, ("pir", "name"))
    raise UnreadableFileError("no_heading")


def read_register(sheets: list[Sheet], places: Places) -> Reading:
    """Bodies by PIR. Raises UnreadableFileError."""
    table = require_table(sheets, REGISTER, ("pir", "name"))
    reading = Reading()
    for line, record in table.records():
        pir = "".join(char for char in record["pir"] if char not in " .-")
        if len(pir) != PIR_LENGTH or not (pir.isascii() and pir.isdigit()):
            reading.refuse(line, "pir_digits", record["pir"])
            continue
        reading.named.add((pir,))
        county = places.county(record.get("county", ""))
        settlement = places.settlement(record.get("settlement", "")) or places.settlement_of_body(record["name"])
        values = {"name": record["name"], "settlement": settlement} | ({"county": county} if county else {})
        if (pir,) in reading.rows:
            reading.refuse(line, "pir_twice", str(reading.rows[pir,][0]))
        elif not record["name"]:
            reading.refuse(line, "no_name")
        elif record.get("county") and not county:
            reading.refuse(line, "county_unknown", record["county"])
        elif limit := too_long(Municipality, values):
            reading.refuse(line, "too_long", str(limit))
        else:
            reading.take((pir,), line, values)
    return reading


def read_gazetteer(sheets: list[Sheet], places: Places) -> Reading:
    """Settlements by name. Raises UnreadableFileError."""
    table = require_table(sheets, GAZETTEER, ("settlement", "county"))
    reading = Reading()
    for line, record in table.records():
        written = record["settlement"]
        if not written or written.lower() in TOTALS:
            continue
        name = places.settlement(written) or written
        county = places.county(record["county"])
        values = {"county": county} | _seat(table, record, name, places)
        if not county:
            reading.named.add((name,))
            reading.refuse(line, "county_unknown", record["county"])
        elif (name,) in reading.rows:
            reading.refuse(line, "settlement_twice", name)
        elif limit := too_long(Settlement, {"name": name, **values}):
            reading.refuse(line, "too_long", str(limit))
        else:
            reading.take((name,), line, values)
    return reading


def _seat(table: Table, record: dict[str, str], name: str, places: Places) -> dict[str, str]:
    """Where the office is, "" where it is at home; nothing where the file does not tell."""
    if "seat" not in table.columns:
        return {}
    seat = record["seat"]
    seat = (places.settlement(seat) or seat) if any(char.isalpha() for char in seat) else ""
    return {"joint_office_seat": "" if seat == name else seat}
