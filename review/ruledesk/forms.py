"""What the rule desk is given: a mail in one of three ways, or a period."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from registry.replays import Compared
from review.labels import label
from worker.services.run_replay import Wish
from worker.services.try_mail import ADDRESS_FIELDS, MOST_BYTES, make_raw

TEXT_LIMIT = 500_000
HEADER_LIMIT = 2_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(9000, 1, 1)  # beyond them there is no moment a database could compare


class TrialForm(forms.Form):
    """A mail: as a file, as its source, or as fields and a text. The first that is given counts."""

    file = forms.FileField(required=False)
    source = forms.CharField(required=False, strip=False, max_length=TEXT_LIMIT, widget=forms.Textarea)
    sender = forms.CharField(required=False, max_length=HEADER_LIMIT)
    to = forms.CharField(required=False, max_length=HEADER_LIMIT)
    cc = forms.CharField(required=False, max_length=HEADER_LIMIT)
    subject = forms.CharField(required=False, max_length=HEADER_LIMIT)
    text = forms.CharField(required=False, max_length=TEXT_LIMIT, widget=forms.Textarea)
    drafts = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, files: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, files, initial=initial, auto_id="t-%s")
        for name, field in self.fields.items():
            field.label = label("trial_field", name)

    def clean_file(self) -> UploadedFile[Any] | None:
        """Not larger than any mail that the worker takes in."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(label("trial_error", "too_large"))
        return file

    def clean(self) -> dict[str, Any]:
        """One of the three is needed."""
        cleaned = super().clean() or self.cleaned_data
        given = cleaned.get("file") or (cleaned.get("source") or "").strip() or cleaned.get("text")
        if not given and not self.errors:
            raise forms.ValidationError(label("trial_error", "empty"))
        return cleaned

    @property
    def raw(self) -> bytes:
        """The mail's bytes."""
        cleaned = self.cleaned_data
        if cleaned.get("file"):
            content: bytes = cleaned["file"].read()
            return content
        if (cleaned.get("source") or "").strip():
            source: str = cleaned["source"].lstrip("\r\n")
            return source.encode("utf-8", "replace")
        values = (cleaned["sender"], cleaned["to"], cleaned["cc"])
        headers = dict(zip(ADDRESS_FIELDS, values, strict=True)) | {"Subject": cleaned["subject"]}
        return make_raw(headers, cleaned["text"])


class PeriodForm(forms.Form):
    """Which mails to replay, and what against what. Days are Hungarian, both included."""

    first = forms.DateField(validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)])
    last = forms.DateField(validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)])
    compares = forms.ChoiceField(choices=Compared.choices)

    def clean(self) -> dict[str, Any]:
        """The first day comes first."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("first") and cleaned.get("last") and cleaned["first"] > cleaned["last"]:
            raise forms.ValidationError(label("trial_error", "period"))
        return cleaned

    @property
    def wish(self) -> Wish:
        """For the service."""
        cleaned = self.cleaned_data
        since, until = bounds_of(cleaned["first"], cleaned["last"])
        return Wish(since, until, cleaned["compares"])


def bounds_of(first: date, last: date) -> tuple[datetime, datetime]:
    """From the beginning of `first` until the end of `last`, in Hungarian time."""
    begin = timezone.make_aware(datetime.combine(first, time()))
    return begin, timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
