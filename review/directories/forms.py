"""What may be typed into a directory's row, and what is checked of it. Words come from templates/review/labels/."""

from __future__ import annotations

from typing import Any

from django import forms
from email_validator import EmailNotValidError, validate_email

from registry.models import Account, Clerk, Municipality, Settlement
from review.knowledge import get_catalogue, get_places
from review.labels import label
from rules.reading.pir import is_pir

PIR_LENGTH = 6


class RowForm(forms.Form):
    """A row: its fields in the order of the page. `fixed` are those that cannot change once the row is there."""

    fixed: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, initial: Any = None, is_new: bool = True) -> None:
        super().__init__(data, initial=initial, auto_id="f-%s")
        for name, field in self.fields.items():
            field.label = label("directory_column", name)
            field.disabled = name in self.fixed and not is_new
        county = self.fields.get("county")
        if isinstance(county, forms.ChoiceField):
            county.choices = [("", "–"), *((name, name) for name in get_catalogue().counties)]

    def _place(self, name: str) -> str:
        """The settlement as the directories write it, "" for none; unknown ones are refused."""
        written = " ".join(self.cleaned_data[name].split())
        known = get_places().settlement(written)
        if written and not known and not Settlement.objects.filter(pk=written).exists():
            raise forms.ValidationError(label("import_refusal", "settlement_unknown", value=written))
        return known or written

    def _address(self, name: str) -> str:
        """A well-formed address in small letters."""
        address: str = self.cleaned_data[name].strip().lower()
        try:
            validate_email(address, check_deliverability=False)
        except EmailNotValidError:
            raise forms.ValidationError(label("form", "email_bad")) from None
        return address


def _text(model: Any, name: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(required=required, max_length=model._meta.get_field(name).max_length)


class RegisterForm(RowForm):
    """A body of the official register."""

    fixed = ("pir",)
    pir = forms.CharField(max_length=20)
    name = _text(Municipality, "name")
    settlement = _text(Municipality, "settlement", required=False)
    county = forms.ChoiceField(required=False)
    joint_office_seat = _text(Municipality, "joint_office_seat", required=False)

    def clean_pir(self) -> str:
        """Six digits that pass the check."""
        pir = "".join(char for char in self.cleaned_data["pir"] if char not in " .-\u00a0")
        if self.fields["pir"].disabled:
            return pir
        if len(pir) != PIR_LENGTH or not (pir.isascii() and pir.isdigit()):
            raise forms.ValidationError(label("form", "pir_digits"))
        if not is_pir(pir):
            raise forms.ValidationError(label("form", "pir_check"))
        return pir

    def clean_settlement(self) -> str:
        """A settlement that is known."""
        return self._place("settlement")

    def clean_joint_office_seat(self) -> str:
        """A settlement that is known."""
        return self._place("joint_office_seat")


class SettlementForm(RowForm):
    """A settlement of the gazetteer."""

    fixed = ("name",)
    name = _text(Settlement, "name")
    county = forms.ChoiceField()
    joint_office_seat = _text(Settlement, "joint_office_seat", required=False)

    def clean_joint_office_seat(self) -> str:
        """A settlement that is known."""
        return self._place("joint_office_seat")


class ClerkForm(RowForm):
    """A jegyző."""

    municipality = _text(Clerk, "municipality")
    address = _text(Clerk, "address")
    name = _text(Clerk, "name", required=False)

    def clean_municipality(self) -> str:
        """A settlement that is known."""
        return self._place("municipality")

    def clean_address(self) -> str:
        """An e-mail address."""
        return self._address("address")


class AccountForm(RowForm):
    """An account of the portal."""

    fixed = ("email",)
    email = _text(Account, "email")
    username = _text(Account, "username", required=False)
    full_name = _text(Account, "full_name", required=False)

    def clean_email(self) -> str:
        """An e-mail address."""
        return self._address("email")
