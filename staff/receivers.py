"""Log-ins, log-outs and changes of how one logs in, as the libraries report them: rows of the access log."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.cache import cache
from django.http import HttpRequest

from staff.services.record_access import client_address, record_access
from staff.services.sessions import forget_expired_sessions
from staff.session_limits import BEGAN, SEEN

OK, REFUSED = 200, 403
LOCK_TOLD_EVERY = 900  # seconds


def on_logged_in(request: HttpRequest, user: User, **_: Any) -> None:
    """The session's clock begins anew; how the person proved who they are stands in the row."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    by = sorted({str(one.get("type") or one.get("method")) for one in get_authentication_records(request, user)})
    record_access(request, user, "login", OK, details={"by": by} if by else {})
    forget_expired_sessions()


def on_logged_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    """By the button, or because the time was over."""
    if user is not None:
        record_access(request, user, "logout", OK)


def note_failed_login(request: HttpRequest, login: str) -> None:
    """A wrong password. What was typed is not kept where no login is called so: people type passwords there."""
    record_access(request, User.objects.filter(username__iexact=login).first(), "login_failed", REFUSED)


def note_locked_login(request: HttpRequest, login: str) -> None:
    """Too many failed: told once in a while, for whoever tries goes on trying."""
    user = User.objects.filter(username__iexact=login).first()
    if cache.add(f"staff:locked:{user.pk if user else client_address(request)}", 1, timeout=LOCK_TOLD_EVERY):
        record_access(request, user, "login_locked", 429)


def on_code_failed(request: HttpRequest, user: User, **_: Any) -> None:
    """A wrong code of the second factor."""
    record_access(request, user, "code_failed", REFUSED)


def on_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A second factor, or its recovery codes."""
    record_access(request, user, _page(authenticator, "added"), OK)


def on_factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Put away by the person."""
    record_access(request, user, _page(authenticator, "removed"), OK)


def on_password(signal: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """A new password: changed, or set after a letter."""
    record_access(request, user, "password_reset" if signal is password_reset else "password_changed", OK)


def connect() -> None:
    """Called once, by the app."""
    user_logged_in.connect(on_logged_in)
    user_logged_out.connect(on_logged_out)
    mfa.authentication_failed.connect(on_code_failed)
    mfa.authenticator_added.connect(on_factor_added)
    mfa.authenticator_reset.connect(on_factor_added)
    mfa.authenticator_removed.connect(on_factor_removed)
    for signal in (password_changed, password_set, password_reset):
        signal.connect(on_password)


def _page(authenticator: Authenticator, what: str) -> str:
    kind = "recovery_codes" if authenticator.type == Authenticator.Type.RECOVERY_CODES else "second_factor"
    return f"{kind}_{what}"
