"""Logging in with a password, by the rules of this house: nobody signs up, nobody learns which logins there are."""

from __future__ import annotations

import time
import unicodedata
from typing import Any, cast
from urllib.parse import quote

from allauth.account import forms, views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from review.labels import labels_of
from staff.access import role_of
from staff.letters import Letter, page_address, post
from staff.receivers import note_failed_login, note_locked_login
from staff.services.record_access import client_address

TOO_MANY = "too_many_login_attempts"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library ships no types
    """What allauth asks of its house. Its own Hungarian words are too familiar for an office."""

    error_messages = DefaultAccountAdapter.error_messages | labels_of("login_error")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation (staff.services.invite) or from the identity provider."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As staff.proxies put it."""
        return client_address(request) or "127.0.0.1"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """By password, unless that way is closed: then for the break-glass superuser alone."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None and not may_use_password(user):
            self.authentication_failed(request, **credentials)
            return None
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for ten minutes after the login either: its password or code is as good as the same once more."""
        return bool(super().is_reauthentication_required(app=app, **kwargs)) and not came_in_lately(self.request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """On record."""
        note_failed_login(request, str(credentials.get("username") or ""))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The login alone: the library adds the host by which the page was asked, which is the visitor's choice."""
        login = str(credentials.get("username") or credentials.get("email") or "")
        return unicodedata.normalize("NFKC", login).casefold().strip()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every letter of the library, in our words and through our server; the answer never waits for it."""
        user = context.get("user") or getattr(self.request, "user", None)
        name = template_prefix.rpartition("/")[2]
        post(Letter(name, email, {**context, "person": user}), wait=False)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under the configured address, never under the one that the visitor asked by."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return page_address() + path.replace("UID-KEY", quote(key))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """To whoever has a password to forget."""
        if may_use_password(user) and user.has_usable_password():
            super().send_password_reset_mail(user, email, context)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """To the address on record; who has none is told by the page alone."""
        if user.email and not EmailAddress.objects.filter(user=user, primary=True).exists():
            kwargs.setdefault("email", user.email)
        kwargs["context"] = {**(kwargs.get("context") or {}), "user": user}
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The queue; one's own page for whoever has no role yet and would be refused there."""
        return reverse("own-account" if role_of(cast(User, request.user)) is None else settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own page."""
        return reverse("own-account")


def may_use_password(user: AbstractBaseUser) -> bool:
    """Whether this person may log in with a password."""
    return bool(settings.PEOPLE.password_login or getattr(user, "is_superuser", False))


def came_in_lately(request: HttpRequest) -> bool:
    """Whether this session began with a password or code so lately that it need not be asked for again."""
    records = get_authentication_records(request, cast(User, request.user))
    shown = [one["at"] for one in records if one.get("method") in {"password", "mfa"}]
    return bool(shown) and time.time() - max(shown) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class LoginForm(forms.LoginForm):  # type: ignore[misc]  # the library ships no types
    """The login page's form, its fields named as browsers and password stores know them."""

    def add_prefix(self, field_name: str) -> str:
        """`username` instead of the library's `login`."""
        return "username" if field_name == "login" else str(super().add_prefix(field_name))


class LoginView(views.LoginView):  # type: ignore[misc]
    """The login page; where too many attempts failed, a page that says so and not whether the login exists."""

    template_name = "review/login.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, or the locked page."""
        errors = form.non_field_errors().as_data() if form.errors else []
        if any(_is_too_many(error) for error in errors):
            note_locked_login(self.request, str(form.data.get("username", ""))[:150])
            return locked(self.request)
        response: HttpResponse = super().form_invalid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which ways in there are."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shown = settings.PEOPLE.password_login or "password" in self.request.GET or self.request.method == "POST"
        return context | {"provider": settings.PEOPLE.provider, "password_shown": shown}


class ForgottenView(views.PasswordResetView):  # type: ignore[misc]
    """Asking for a letter with a link; the answer is the same whether or not there is such a login."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 where nobody logs in with a password."""
        if not settings.PEOPLE.password_login:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


forgotten = login_not_required(ForgottenView.as_view())


def locked(request: HttpRequest) -> HttpResponse:
    """429, whatever it was that there was too much of; config.urls names it as the handler."""
    return render(request, "review/locked.html", status=429)


def _is_too_many(error: Any) -> bool:
    return getattr(error, "code", "") == TOO_MANY
