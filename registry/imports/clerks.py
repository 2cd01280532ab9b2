"""The known jegyzők: whose address it is that makes a request `confirmed`."""

from __future__ import annotations

from django.db import transaction

from registry.directory import mark_directories_changed
from registry.imports.headings import CLERKS, require_table
from registry.imports.places import Places
from registry.imports.report import ImportReport
from registry.imports.sheets import parse_sheets
from registry.models import Clerk, Settlement
from rules.catalogue import Catalogue

BATCH = 500


@transaction.atomic
def import_clerks(data: bytes, catalogue: Catalogue) -> ImportReport:
    """Take in a file with municipality, address and (if any) name columns. Raises UnreadableFileError."""
    table = require_table(parse_sheets(data), CLERKS, ("municipality", "address"))
    report = ImportReport()
    places = Places(catalogue)
    imported = set(Settlement.objects.values_list("name", flat=True))
    read: dict[tuple[str, str], str] = {}
    for line, record in table.records():
        written, address = record["municipality"], record["address"].lower()
        municipality = places.settlement_of_body(written) or (written if written in imported else "")
        if not municipality:
            report.refuse(line, f"unknown settlement: {written or 'empty'}")
        elif "@" not in address or " " in address:
            report.refuse(line, f"no e-mail address: {address or 'empty'}")
        elif (municipality, address) in read:
            report.refuse(line, "the same municipality and address a second time")
        else:
            read[municipality, address] = record.get("name", "")
    _write(read, report)
    mark_directories_changed()
    return report


def _write(read: dict[tuple[str, str], str], report: ImportReport) -> None:
    present = {(clerk.municipality, clerk.address): clerk for clerk in Clerk.objects.all()}
    new = [Clerk(municipality=key[0], address=key[1], name=name) for key, name in read.items() if key not in present]
    changed = []
    for key, name in read.items():
        if key in present and name and present[key].name != name:
            present[key].name = name
            changed.append(present[key])
    Clerk.objects.bulk_create(new, batch_size=BATCH)
    Clerk.objects.bulk_update(changed, ["name"], batch_size=BATCH)
    report.new, report.changed = len(new), len(changed)
    report.unchanged = len(read) - len(new) - len(changed)
