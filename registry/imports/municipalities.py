"""The official register (name, PIR, county), or the statistical office's gazetteer (counties, joint offices)."""

from __future__ import annotations

from django.db import transaction

from registry.directory import mark_directories_changed
from registry.imports.headings import GAZETTEER, REGISTER, Table, find_table, require_table
from registry.imports.places import Places
from registry.imports.report import ImportReport, write_rows
from registry.imports.sheets import UnreadableFileError, parse_sheets
from registry.models import Municipality, Settlement
from rules.catalogue import Catalogue

PIR_LENGTH = 6
TOTALS = ("összesen", "ország összesen", "mindösszesen")


@transaction.atomic
def import_municipalities(data: bytes, catalogue: Catalogue) -> ImportReport:
    """Take in a register (it has a PIR column) or a gazetteer (it has none). Raises UnreadableFileError."""
    sheets = parse_sheets(data)
    places = Places(catalogue)
    register = find_table(sheets, REGISTER, ("pir", "name"))
    if register is not None:
        report = _import_register(register, places)
    else:
        gazetteer = find_table(sheets, GAZETTEER, ("settlement", "county"))
        if gazetteer is None:
            require_table(sheets, REGISTER, ("pir", "name"))
            raise UnreadableFileError("no heading row")
        report = _import_gazetteer(gazetteer, places)
    mark_directories_changed()
    return report


def _import_register(table: Table, places: Places) -> ImportReport:
    report = ImportReport()
    bodies: dict[str, Municipality] = {}
    lines: dict[str, int] = {}
    for line, record in table.records():
        pir = "".join(char for char in record["pir"] if char not in " .-")
        county = places.county(record.get("county", ""))
        if len(pir) != PIR_LENGTH or not (pir.isascii() and pir.isdigit()):
            report.refuse(line, f"PIR is not six digits: {record['pir'] or 'empty'}")
        elif pir in bodies:
            report.refuse(line, f"the same PIR as in line {lines[pir]}")
        elif not record["name"]:
            report.refuse(line, "no name")
        elif record.get("county") and not county:
            report.refuse(line, f"unknown county: {record['county']}")
        else:
            settlement = places.settlement(record.get("settlement", "")) or places.settlement_of_body(record["name"])
            bodies[pir] = Municipality(pir=pir, name=record["name"], settlement=settlement, county=county)
            lines[pir] = line
    write_rows(Municipality, bodies, ("name", "settlement", "county"), report)
    return report


def _import_gazetteer(table: Table, places: Places) -> ImportReport:
    report = ImportReport()
    settlements: dict[str, Settlement] = {}
    for line, record in table.records():
        written = record["settlement"]
        if not written or written.lower() in TOTALS:
            continue
        name = places.settlement(written) or written
        county = places.county(record["county"])
        seat = record.get("seat", "")
        if not county:
            report.refuse(line, f"unknown county: {record['county'] or 'empty'}")
        elif name in settlements:
            report.refuse(line, f"the same settlement twice: {name}")
        else:
            seat = (places.settlement(seat) or seat) if any(char.isalpha() for char in seat) else ""
            settlements[name] = Settlement(name=name, county=county, joint_office_seat="" if seat == name else seat)
    write_rows(Settlement, settlements, ("county", "joint_office_seat"), report)
    return report
