"""What the privacy pages ask for."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from review.labels import label, labels_of
from worker.services.erase_person import REASONS
from worker.services.find_person import Holdings, Question, choose


class PersonForm(forms.Form):
    """Whom to look for: an address, or a name with a municipality."""

    address = forms.CharField(max_length=320, required=False)
    name = forms.CharField(max_length=200, required=False)
    municipality = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, str]:
        """One of address and name is needed."""
        values = super().clean() or {}
        if not (values.get("address") or values.get("name")):
            raise forms.ValidationError(label("privacy", "whom"))
        return values

    @property
    def question(self) -> Question:
        """Of a valid form."""
        values = self.cleaned_data
        return Question(values["address"].strip(), values["name"].strip(), values["municipality"].strip())


class EraseForm(forms.Form):
    """The last question before an erasure: why, and the word that nobody types by mistake."""

    why = forms.ChoiceField(choices=lambda: [(code, labels_of("erase_why")[code]) for code in REASONS])
    word = forms.CharField(max_length=20)
    withdraw = forms.BooleanField(required=False)

    def clean_word(self) -> str:
        """It must be the word that the page shows."""
        word: str = self.cleaned_data["word"].strip()
        if word.upper() != label("privacy", "word"):
            raise forms.ValidationError(label("privacy", "wrong_word"))
        return word


def chosen(data: QueryDict, question: Question) -> Holdings:
    """What of the person's the boxes name; directories only where ticked."""
    held = choose(_numbers(data, "registration"), _numbers(data, "mail"), question)
    if "directories" not in data:
        held.accounts, held.clerks, held.addresses, held.as_clerk = [], [], [], []
    return held


def _numbers(data: QueryDict, name: str) -> list[int]:
    return [int(one) for one in data.getlist(name) if one.isascii() and one.isdigit() and len(one) < 19]
