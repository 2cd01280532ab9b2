"""What may be typed about people, and what is checked of it. Messages: templates/review/labels/staff.toml."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from review.labels import label, labels_of
from staff.models import Invitation
from staff.roles import Role


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    address = forms.EmailField(max_length=254)
    name = forms.CharField(max_length=150)
    role = forms.ChoiceField(choices=Role.choices)

    def clean_name(self) -> str:
        """Without line ends or doubled blanks: it stands in a letter."""
        return " ".join(self.cleaned_data["name"].split())


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(choices=Role.choices)


class AcceptForm(forms.Form):
    """An invited person's login."""

    username = forms.CharField(max_length=150, validators=User._meta.get_field("username").validators)
    password1 = forms.CharField(strip=False, max_length=4096)
    password2 = forms.CharField(strip=False, max_length=4096)

    def __init__(self, invitation: Invitation, data: Any = None) -> None:
        super().__init__(data)
        self.invitation = invitation

    def clean_username(self) -> str:
        """One that nobody has, in whatever case."""
        username: str = self.cleaned_data["username"].strip()
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(label("form", "username_taken"))
        return username

    def clean_password1(self) -> str:
        """By the rules for passwords, unlike name and address."""
        last_name, _, first_name = self.invitation.name.partition(" ")
        person = User(username=self.data.get("username", ""), email=self.invitation.address)
        person.last_name, person.first_name = last_name, first_name
        password: str = self.cleaned_data["password1"]
        validate_password(password, person)
        return password

    def clean(self) -> dict[str, Any]:
        """Typed the same twice."""
        values: dict[str, Any] = super().clean() or {}
        if "password1" in values and values["password1"] != values.get("password2"):
            self.add_error("password2", label("form", "passwords_differ"))
        return values


def role_choices() -> dict[str, str]:
    """Role → its words, the lowest first."""
    words = labels_of("role")
    return {role: words[role] for role in Role.values}
