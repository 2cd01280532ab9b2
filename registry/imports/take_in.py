"""A file's bytes to a plan, whatever directory it is for; and the imports that the command line makes at once."""

from __future__ import annotations

from django.db import transaction

from registry.imports.accounts import read_accounts
from registry.imports.clerks import read_clerks
from registry.imports.directories import ACCOUNTS, CLERKS, GAZETTEER, REGISTER, plan_import, write_plan
from registry.imports.municipalities import is_register, read_gazetteer, read_register
from registry.imports.places import Places
from registry.imports.report import ImportPlan
from registry.imports.sheets import parse_sheets
from rules.catalogue import Catalogue
from worker.models import Event


def plan_file(what: str, data: bytes, catalogue: Catalogue) -> ImportPlan:
    """What the file would do to the directory `what`: accounts, clerks, or municipalities.

    A file for municipalities is taken for the register or the gazetteer by its columns, `plan.what` says which.
    Raises UnreadableFileError.
    """
    sheets = parse_sheets(data)
    if what == ACCOUNTS.name:
        return plan_import(ACCOUNTS, read_accounts(sheets))
    places = Places(catalogue)
    if what == CLERKS.name:
        return plan_import(CLERKS, read_clerks(sheets, places))
    if is_register(sheets):
        return plan_import(REGISTER, read_register(sheets, places))
    return plan_import(GAZETTEER, read_gazetteer(sheets, places))


@transaction.atomic
def import_file(what: str, data: bytes, catalogue: Catalogue) -> ImportPlan:
    """Take the whole file in at once, deleting nothing; returns what it did. Raises UnreadableFileError."""
    plan = plan_file(what, data, catalogue)
    write_plan(plan)
    Event.objects.create(verb="directory_imported", details={"directory": plan.what, "counts": plan.counts})
    return plan
