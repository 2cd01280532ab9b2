"""Which directories there are, and what the page of each shows, asks and takes."""

from __future__ import annotations

from dataclasses import dataclass

from registry.imports.directories import ACCOUNTS, CLERKS, GAZETTEER, REGISTER, Directory
from registry.services.edit_row import ADDRESSES
from review.directories.forms import AccountForm, ClerkForm, RegisterForm, RowForm, SettlementForm


@dataclass(frozen=True, slots=True)
class Shelf:
    """A directory's page: the columns in its list, its form (None: rows only go), and what its files are called.

    `searched` is the column that holds what is searched, folded; `people` the columns that name members of staff.
    """

    directory: Directory
    columns: tuple[str, ...]
    form: type[RowForm] | None
    takes: str = ""
    searched: str = "folded"
    people: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As in addresses, and in the label group "directory"."""
        return self.directory.name

    @property
    def order(self) -> tuple[str, ...]:
        """By name, with an index behind it."""
        return tuple(dict.fromkeys((self.searched, "pk")))


SHELVES = (
    Shelf(REGISTER, ("pir", "name", "settlement", "county"), RegisterForm, "municipalities"),
    Shelf(GAZETTEER, ("name", "county", "joint_office_seat"), SettlementForm, "municipalities"),
    Shelf(
        CLERKS,
        ("municipality", "name", "address", "source", "confirmed_by", "added_at"),
        ClerkForm,
        "clerks",
        people=("confirmed_by",),
    ),
    Shelf(ACCOUNTS, ("email", "username", "full_name"), AccountForm, "accounts"),
    Shelf(ADDRESSES, ("address", "accepted_by", "at"), None, searched="address", people=("accepted_by",)),
)
BY_NAME = {shelf.name: shelf for shelf in SHELVES}
