"""What people may type in, and what is checked of it. Messages come from templates/review/labels/."""

from __future__ import annotations

from typing import Any

from django import forms
from email_validator import EmailNotValidError, validate_email

from registry.models import Municipality, Registration
from registry.services.correct import Correction
from registry.services.write_reply import StaffLetter
from review.knowledge import get_places
from review.labels import label
from rules.catalogue import Catalogue
from rules.model import Note
from rules.reading.pir import is_pir

PIR_LENGTH = 6
TEXT_LIMIT = 20_000


class CorrectionForm(forms.Form):
    """The fields of one registration. Empty ones may be saved, but not approved (the service says so)."""

    full_name = forms.CharField(required=False, max_length=200)
    municipality = forms.CharField(required=False, max_length=200)
    pir = forms.CharField(required=False, max_length=20)
    county = forms.ChoiceField(required=False)
    email = forms.CharField(required=False, max_length=254)
    modules = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, registration: Registration, catalogue: Catalogue, data: Any = None) -> None:
        names = ("full_name", "municipality", "pir", "county", "email", "version")
        initial = {name: getattr(registration, name) for name in names} | {"modules": registration.module_ids}
        super().__init__(data, initial=initial, auto_id="f-%s")
        self.registration = registration
        counties = list(catalogue.counties)
        if registration.county and registration.county not in counties:
            counties.append(registration.county)
        self.fields["county"].choices = [("", "–"), *((name, name) for name in counties)]  # type: ignore[attr-defined]
        modules = [(module.id, module.short_name) for module in catalogue.modules]
        modules += [(one, one) for one in registration.module_ids if one not in dict(modules)]
        self.fields["modules"].choices = modules  # type: ignore[attr-defined]
        self.counties = {place.name: place.county for place in catalogue.settlements.values()}

    def clean_full_name(self) -> str:
        """Two words at least, where it was rewritten."""
        name = " ".join(self.cleaned_data["full_name"].split())
        if self._rewritten("full_name", name) and len(name.split()) < 2:
            raise forms.ValidationError(label("form", "name_two_words"))
        return name

    def clean_municipality(self) -> str:
        """The settlement as the catalogue writes it, where it knows it."""
        name = " ".join(self.cleaned_data["municipality"].split())
        return get_places().settlement(name) or name

    def clean_pir(self) -> str:
        """Six digits that pass the check or stand in the register, where it was rewritten."""
        pir = "".join(char for char in self.cleaned_data["pir"] if char not in " .-\u00a0")
        if not self._rewritten("pir", pir):
            return pir
        if len(pir) != PIR_LENGTH or not (pir.isascii() and pir.isdigit()):
            raise forms.ValidationError(label("form", "pir_digits"))
        if not is_pir(pir) and not Municipality.objects.filter(pk=pir).exists():
            raise forms.ValidationError(label("form", "pir_check"))
        return pir

    def clean_email(self) -> str:
        """A well-formed address in small letters, where it was rewritten."""
        address: str = self.cleaned_data["email"].strip().lower()
        if self._rewritten("email", address) and not _is_address(address):
            raise forms.ValidationError(label("form", "email_bad"))
        return address

    def clean_modules(self) -> list[str]:
        """The ticked ones. Where they are those of the row they keep its order, which is the mail's: no correction."""
        ticked: list[str] = self.cleaned_data["modules"]
        saved: list[str] = self.registration.module_ids
        return saved if set(ticked) == set(saved) else ticked

    def clean(self) -> dict[str, Any]:
        """Fill in the county of a known settlement where none is chosen; what was rewritten must fit it."""
        cleaned = super().clean() or self.cleaned_data
        right = self.counties.get(cleaned.get("municipality", ""), "")
        if not cleaned.get("county"):
            cleaned["county"] = right
        rewritten = any(self._rewritten(name, cleaned.get(name, "")) for name in ("municipality", "county"))
        if rewritten and right and cleaned["county"] != right:
            self.add_error("county", label("form", "county_elsewhere", county=right))
        return cleaned

    @property
    def correction(self) -> Correction:
        """The cleaned fields for the service."""
        cleaned = self.cleaned_data
        names = ("full_name", "municipality", "pir", "county", "email")
        place = cleaned["municipality"]
        strange = self._rewritten("municipality", place) and not get_places().settlement(place)
        notes = (Note.MUNICIPALITY_UNKNOWN.value,) if strange else ()
        return Correction(**{name: cleaned[name] for name in names}, modules=" ".join(cleaned["modules"]), notes=notes)

    def _rewritten(self, name: str, value: str) -> bool:
        return bool(value) and value != getattr(self.registration, name)


class LetterForm(forms.Form):
    """A letter of staff."""

    to = forms.CharField(max_length=2000)
    cc = forms.CharField(required=False, max_length=2000)
    subject = forms.CharField(max_length=250)
    text = forms.CharField(widget=forms.Textarea, max_length=TEXT_LIMIT)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_to(self) -> tuple[str, ...]:
        """At least one address."""
        found = _addresses(self.cleaned_data["to"])
        if not found:
            raise forms.ValidationError(label("form", "recipients_none"))
        return found

    def clean_cc(self) -> tuple[str, ...]:
        """Any number of addresses."""
        return _addresses(self.cleaned_data["cc"])

    @property
    def letter(self) -> StaffLetter:
        """The cleaned letter for the service."""
        cleaned = self.cleaned_data
        return StaffLetter(cleaned["to"], cleaned["cc"], cleaned["subject"], cleaned["text"])


class DraftForm(forms.Form):
    """The text of a draft; `seen` marks what the person read."""

    text = forms.CharField(widget=forms.Textarea, max_length=TEXT_LIMIT)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)


def _addresses(text: str) -> tuple[str, ...]:
    words = [word.strip().lower() for word in text.replace(";", ",").split(",") if word.strip()]
    bad = [word for word in words if not _is_address(word)]
    if bad:
        raise forms.ValidationError(label("form", "recipients_bad", bad=", ".join(bad)))
    return tuple(dict.fromkeys(words))


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
