"""The known jegyzők: whose address it is that makes a request `confirmed`."""

from __future__ import annotations

from registry.imports.headings import CLERKS, require_table
from registry.imports.lengths import too_long
from registry.imports.places import Places
from registry.imports.report import Reading
from registry.imports.sheets import Sheet
from registry.models import Clerk, Settlement


def read_clerks(sheets: list[Sheet], places: Places) -> Reading:
    """Rows by municipality and address, from a table with those and (if any) name columns.

    Raises UnreadableFileError.
    """
    table = require_table(sheets, CLERKS, ("municipality", "address"))
    reading = Reading()
    imported = set(Settlement.objects.values_list("name", flat=True))
    for line, record in table.records():
        written, address = record["municipality"], record["address"].lower()
        municipality = places.settlement_of_body(written) or (written if written in imported else "")
        key, values = (municipality, address), {"name": record.get("name", "")}
        if not municipality:
            reading.refuse(line, "settlement_unknown", written)
        elif "@" not in address or " " in address:
            reading.refuse(line, "no_address", address)
        elif key in reading.rows:
            reading.refuse(line, "clerk_twice")
        elif limit := too_long(Clerk, {"address": address, **values}):
            reading.refuse(line, "too_long", str(limit))
        else:
            reading.take(key, line, values)
    return reading
