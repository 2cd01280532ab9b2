"""The second factor: who must have one, how its secrets are kept, and that no code passes twice."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from review.labels import labels_of
from staff.access import role_of
from staff.roles import Role

KNOWN = "staff_second_factor"  # in the session: looked up once
OPEN = frozenset(  # what whoever lacks a required factor may open: the way to it, and out
    {"mfa_activate_totp", "account_reauthenticate", "mfa_reauthenticate", "mfa_view_recovery_codes"}
    | {"mfa_generate_recovery_codes", "mfa_download_recovery_codes", "account_logout", "logout", "theme"}
)


def must_have(user: User) -> bool:
    """Whether the configuration asks a second factor of this person."""
    wanted = settings.PEOPLE.second_factor
    return wanted == "required" or (wanted == "leads" and role_of(user) in (Role.LEAD, Role.ADMINISTRATOR))


class SecondFactorMiddleware:
    """Leads whoever must have a second factor and has none to where it is made, wherever they want to go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing of its own; the guard is in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponseBase | None:
        """The way to the factor, or None where the person may pass."""
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in OPEN or not must_have(request.user) or _has_one(request):
            return None
        return redirect("mfa_activate_totp")


def _has_one(request: HttpRequest) -> bool:
    if not request.session.get(KNOWN):
        records = get_authentication_records(request, cast(User, request.user))
        by_provider = any(
            one.get("method") == "socialaccount" for one in records
        )  # its second factor is its own affair
        request.session[KNOWN] = by_provider or get_mfa_adapter().is_mfa_enabled(
            request.user, [Authenticator.Type.TOTP]
        )
    return bool(request.session[KNOWN])


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library ships no types
    """Secrets are kept encrypted under the product's key: whoever steals the database alone has none."""

    error_messages = DefaultMFAAdapter.error_messages | labels_of("login_error")

    def encrypt(self, text: str) -> str:
        """What is kept."""
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """What it says; raises cryptography's InvalidToken after a change of the key."""
        return _cipher().decrypt(encrypted_text.encode("ascii")).decode()

    def get_totp_label(self, user: User) -> str:
        """What the app on the telephone calls it: the login."""
        return user.get_username()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Nobody puts away what they must have."""
        return authenticator.type != Authenticator.Type.TOTP or not must_have(authenticator.user)


def _cipher() -> Fernet:
    key = hashlib.scrypt(settings.SECRET_KEY.encode(), salt=b"staff.second_factor", n=2**12, r=8, p=1, dklen=32)
    return Fernet(base64.urlsafe_b64encode(key))


class _OnceMixin:
    """A code that passed does not pass again while the clock would still take it."""

    user: User
    authenticator: Authenticator
    cleaned_data: dict[str, Any]
    _emit_authentication_failed: Callable[[Authenticator], None]

    def clean_code(self) -> str:
        code = normalize_user_code(str(self.cleaned_data["code"]))  # 123-456 is the same code as 123456
        self.cleaned_data["code"] = code
        passed = str(super().clean_code())  # type: ignore[misc]
        valid_for = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
        if not cache.add(f"staff:code:{self.user.pk}:{code}", 1, timeout=valid_for):
            self._emit_authentication_failed(self.authenticator)  # on record: somebody may have looked on
            raise get_mfa_adapter().validation_error("incorrect_code")
        return passed


class AuthenticateForm(_OnceMixin, forms.AuthenticateForm):  # type: ignore[misc]
    """At the login."""


class ReauthenticateForm(_OnceMixin, forms.ReauthenticateForm):  # type: ignore[misc]
    """Before something sensitive."""
