"""Inviting colleagues, and accepting an invitation."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from review.labels import label
from review.people import actor
from staff.access import needs
from staff.confirming import confirmed
from staff.forms import AcceptForm, InvitationForm
from staff.invitation_letter import post_invitation
from staff.models import Invitation
from staff.roles import Ability, Role
from staff.services.accept_invitation import InvitationGoneError, accept_invitation
from staff.services.invite import AddressTakenError, find_invitation, invite, revoke, send_again
from staff.views.people import show_people

KEY = "staff_invitation"  # in the session, between the link and the form


@needs(Ability.PEOPLE)
@require_POST
@confirmed
def make(request: HttpRequest) -> HttpResponse:
    """Invite somebody."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return show_people(request, form, status=400)
    values = form.cleaned_data
    try:
        made = invite(values["address"], values["name"], Role(values["role"]), actor(request), post_invitation)
    except AddressTakenError:
        form.add_error("address", label("form", "address_taken"))
        return show_people(request, form, status=409)
    _tell(request, made, sent=made.sent_at is not None)
    return redirect("people")


@needs(Ability.PEOPLE, about="invitation")
@require_POST
@confirmed
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the letter again, with a new link."""
    invitation = get_object_or_404(Invitation, pk=pk)
    _tell(request, invitation, sent=send_again(invitation, actor(request), post_invitation))
    return redirect("people")


@needs(Ability.PEOPLE, about="invitation")
@require_POST
@confirmed
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """End it before it is used."""
    invitation = get_object_or_404(Invitation, pk=pk)
    if revoke(invitation, actor(request)):
        messages.success(request, label("done", "invitation_revoked", name=invitation.name))
    return redirect("people")


@login_not_required
@never_cache
@require_safe
def opened(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the letter. Its secret goes into the session: no log line and no Referer holds it from here on."""
    if request.user.is_authenticated:
        return render(request, "staff/invitation_gone.html", status=409)
    if find_invitation(secret) is None:
        return render(request, "staff/invitation_gone.html", status=410)
    request.session[KEY] = secret
    return redirect("invitation-accept")


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Name and password. Only the sent form uses the invitation up, so that mail filters may look at the link."""
    invitation = find_invitation(request.session.get(KEY, ""))
    if invitation is None or request.user.is_authenticated:
        return render(request, "staff/invitation_gone.html", status=410 if invitation is None else 409)
    form = AcceptForm(invitation, request.POST if request.method == "POST" else None)
    if request.method == "POST" and settings.PEOPLE.password_login and form.is_valid():
        try:
            user = accept_invitation(invitation, form.cleaned_data["username"], form.cleaned_data["password1"])
        except InvitationGoneError:
            return render(request, "staff/invitation_gone.html", status=410)
        except IntegrityError:
            form.add_error("username", label("form", "username_taken"))
        else:
            return _log_in(request, user)
    context = {
        "form": form,
        "invitation": invitation,
        "provider": settings.PEOPLE.provider,
        "closed": not settings.PEOPLE.password_login,
    }
    return render(request, "staff/invitation.html", context, status=400 if form.errors else 200)


def _log_in(request: HttpRequest, user: User) -> HttpResponse:
    """With the password that was just chosen, which counts as shown for what is sensitive."""
    request.session.pop(KEY, None)
    record_authentication(request, user, method="password", username=user.username)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=reverse("own-account")))
    return response


def _tell(request: HttpRequest, invitation: Invitation, *, sent: bool) -> None:
    if sent:
        messages.success(request, label("done", "invited", name=invitation.name))
    else:
        messages.error(request, label("done", "invitation_not_sent", name=invitation.name))
