"""Colleagues: who they are, what they may do, how they log in; for administrators."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from review.labels import label
from review.people import actor
from staff.access import needs
from staff.colleagues import colleague_of, colleagues, waiting_invitations
from staff.confirming import confirmed
from staff.forms import InvitationForm, RoleForm, role_choices
from staff.letters import Letter, post
from staff.roles import Ability, Role
from staff.services import shut_out
from staff.services.administrators import LastAdministratorError, OwnAccountError, SuperuserError
from staff.services.change_role import change_role
from staff.services.record_access import client_address
from staff.services.sessions import end_sessions


@needs(Ability.PEOPLE)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has a login, and who is invited."""
    return show_people(request, InvitationForm())


def show_people(request: HttpRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    """The page with the invitation form as it stands."""
    context = {
        "page": "people",
        "colleagues": colleagues(),
        "invitations": waiting_invitations(),
        "form": form,
        "roles": role_choices(),
    }
    return render(request, "staff/people.html", context, status=status)


@needs(Ability.PEOPLE, about="person")
@require_GET
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague, and what may be done about their login."""
    return _show(request, pk)


@needs(Ability.PEOPLE, about="person")
@require_POST
@confirmed
def set_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Another role."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _show(request, pk, status=400, refusal=label("refused", "no_such_role"))
    role = Role(form.cleaned_data["role"])
    return _do(request, pk, lambda user: change_role(user, role, actor(request)), "role_changed")


@needs(Ability.PEOPLE, about="person")
@require_POST
@confirmed
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the login."""
    return _do(request, pk, lambda user: shut_out.deactivate(user, actor(request)), "login_closed")


@needs(Ability.PEOPLE, about="person")
@require_POST
@confirmed
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Open it again."""
    return _do(request, pk, lambda user: shut_out.activate(user, actor(request)), "login_opened")


@needs(Ability.PEOPLE, about="person")
@require_POST
@confirmed
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second factor away."""

    def reset(user: User) -> None:
        shut_out.reset_second_factor(user, actor(request))
        _tell_of_reset(request, user)

    return _do(request, pk, reset, "second_factor_reset")


@needs(Ability.PEOPLE, about="person")
@require_POST
@confirmed
def log_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End all of the person's sessions."""
    return _do(request, pk, lambda user: end_sessions(user, actor(request)), "person_logged_out")


def _tell_of_reset(request: HttpRequest, user: User) -> None:
    """By mail, as of every change in how one logs in: perhaps it was not they who asked for it."""
    if user.email:
        facts = {"person": user, "timestamp": timezone.now(), "ip": client_address(request)}
        post(Letter("totp_deactivated", user.email, facts), wait=False)


def _do(request: HttpRequest, pk: int, verb: Callable[[User], object], done: str) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    try:
        verb(user)
    except OwnAccountError:
        return _show(request, pk, status=409, refusal=label("refused", "own_account"))
    except LastAdministratorError:
        return _show(request, pk, status=409, refusal=label("refused", "last_administrator"))
    except SuperuserError:
        return _show(request, pk, status=409, refusal=label("refused", "superuser"))
    messages.success(request, label("done", done))
    return redirect("member", pk=pk)


def _show(request: HttpRequest, pk: int, status: int = 200, refusal: str = "") -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    context = {
        "page": "people",
        "one": colleague_of(user),
        "roles": role_choices(),
        "own": user.pk == actor(request).pk,
        "refusal": refusal,
    }
    return render(request, "staff/member.html", context, status=status)
