"""One's own login: password, second factor, devices."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from review.labels import label
from review.people import actor
from staff.access import needs, role_of
from staff.devices import Device, device_of
from staff.login import may_use_password
from staff.roles import Ability
from staff.second_factor import must_have
from staff.services.sessions import end_session, end_sessions


@needs(Ability.ENTER)
@require_GET
def own_account(request: HttpRequest) -> HttpResponse:
    """Who one is here, and how one logs in."""
    user = actor(request)
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "page": "own-account",
        "role": role_of(user),
        "has_password": may_use_password(user) and user.has_usable_password(),
        "has_factor": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "must_have_factor": must_have(user),
        "offers_factor": settings.PEOPLE.second_factor != "off",
        "devices": UserSession.objects.filter(user=user).count(),
    }
    return render(request, "staff/own_account.html", context)


@needs(Ability.ENTER)
@require_GET
def devices(request: HttpRequest) -> HttpResponse:
    """Where one is logged in, this place first."""
    current = request.session.session_key
    rows: list[Device] = [device_of(row, current) for row in UserSession.objects.purge_and_list(actor(request))]
    rows.sort(key=lambda one: (not one.current, -one.seen_at.timestamp()))
    return render(request, "staff/devices.html", {"page": "devices", "devices": rows})


@needs(Ability.ENTER)
@require_POST
def end_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Log out there."""
    if not end_session(actor(request), pk):
        raise Http404
    messages.success(request, label("done", "device_ended"))
    return redirect("devices")


@needs(Ability.ENTER)
@require_POST
def end_other_devices(request: HttpRequest) -> HttpResponse:
    """Log out everywhere but here."""
    number = end_sessions(actor(request), actor(request), but=request.session.session_key or "")
    messages.success(request, label("done", "devices_ended", number=number))
    return redirect("devices")


class FactorView(totp.ActivateTOTPView):  # type: ignore[misc]  # the library ships no types
    """Making a second factor, unless the configuration says that there are none."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 where they are off."""
        if settings.PEOPLE.second_factor == "off":
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class PasswordView(account.PasswordChangeView):  # type: ignore[misc]  # the library ships no types
    """A new password for whoever knows the old one; other sessions end, this one gets a new key."""

    template_name = "review/password.html"
    extra_context = {"page": "password"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 for those who come by the identity provider."""
        if not (may_use_password(actor(request)) and actor(request).has_usable_password()):
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Also the list of devices forgets the sessions that ended."""
        response: HttpResponse = super().form_valid(form)
        end_sessions(actor(self.request), actor(self.request), but=self.request.session.session_key or "")
        return response
