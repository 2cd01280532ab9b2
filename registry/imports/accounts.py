"""The portal's accounts, as Moodle exports them: who has one already."""

from __future__ import annotations

from registry.imports.headings import ACCOUNTS, require_table
from registry.imports.lengths import too_long
from registry.imports.report import Reading
from registry.imports.sheets import Sheet
from registry.models import Account


def read_accounts(sheets: list[Sheet]) -> Reading:
    """Rows by address, from a table with e-mail, user name and name columns. Raises UnreadableFileError."""
    table = require_table(sheets, ACCOUNTS, ("email",))
    reading = Reading()
    for line, record in table.records():
        address = record["email"].lower()
        name, _, domain = address.rpartition("@")
        values = {"username": record["username"]} if "username" in record else {}
        if record.keys() & {"full_name", "lastname", "firstname"}:
            parts = (record.get("lastname", ""), record.get("firstname", ""))
            values["full_name"] = record.get("full_name") or " ".join(part for part in parts if part)
        if not name or "." not in domain or " " in address:
            reading.refuse(line, "no_address", record["email"])
        elif (address,) in reading.rows:
            reading.refuse(line, "address_twice", str(reading.rows[address,][0]))
        elif limit := too_long(Account, {"email": address, **values}):
            reading.refuse(line, "too_long", str(limit))
        else:
            reading.take((address,), line, values)
    return reading
