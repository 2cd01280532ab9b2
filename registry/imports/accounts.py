"""The portal's accounts, as Moodle exports them: who has one already."""

from __future__ import annotations

from django.db import transaction

from registry.directory import mark_directories_changed
from registry.imports.headings import ACCOUNTS, require_table
from registry.imports.report import ImportReport, write_rows
from registry.imports.sheets import parse_sheets
from registry.models import Account


@transaction.atomic
def import_accounts(data: bytes) -> ImportReport:
    """Take in a file with e-mail, user name and name columns. Raises UnreadableFileError."""
    table = require_table(parse_sheets(data), ACCOUNTS, ("email",))
    report = ImportReport()
    accounts: dict[str, Account] = {}
    lines: dict[str, int] = {}
    for line, record in table.records():
        address = record["email"].lower()
        name, _, domain = address.rpartition("@")
        if not name or "." not in domain or " " in address:
            report.refuse(line, f"no e-mail address: {record['email'] or 'empty'}")
            continue
        if address in accounts:
            report.refuse(line, f"the same address as in line {lines[address]}")
            continue
        full_name = record.get("full_name") or f"{record.get('lastname', '')} {record.get('firstname', '')}".strip()
        accounts[address] = Account(email=address, username=record.get("username", ""), full_name=full_name)
        lines[address] = line
    write_rows(Account, accounts, ("username", "full_name"), report)
    mark_directories_changed()
    return report
