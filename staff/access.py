"""What a page asks of whoever opens it: said by `@needs` at each view, held by the middleware, refused by default."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from staff.models import Member
from staff.roles import Ability, Role, abilities_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def needs(ability: Ability, *, about: str = "", logged: bool = True) -> Callable[[View], View]:
    """Mark a view with the ability it asks for; `about` is what its `pk` names, for the access log.

    `logged` is False for what a page asks for by itself, again and again: no sign of a person, and no row in the log
    unless it shows a thing that the person has not opened lately (staff.recording).
    The view itself looks once more: what was put off until the person shows who they are (staff.confirming) is resumed
    without the middlewares, perhaps much later.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, ability):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        vars(marked).update(ability=ability, about=about, logged=logged)
        return cast(View, marked)

    return mark


def role_of(user: User | AnonymousUser) -> Role | None:
    """The person's role, None where there is none. At most one query a request: the row is cached on `user`."""
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_superuser:
        return Role.ADMINISTRATOR
    try:
        return Role(user.member.role)
    except Member.DoesNotExist:
        return None


def may(user: User | AnonymousUser, ability: Ability) -> bool:
    """Whether this person may do that."""
    return user.is_authenticated and user.is_active and ability in abilities_of(role_of(user))


class RoleMiddleware:
    """Refuses (403) every page whose ability the person lacks, and every page that names none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing of its own; the guard is in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        """Raise PermissionDenied unless the person may."""
        if not getattr(view, "login_required", True):
            return
        ability = getattr(view, "ability", None)
        if ability is None or not may(cast(User, request.user), ability):
            raise PermissionDenied


def abilities(request: HttpRequest) -> dict[str, frozenset[str]]:
    """For templates: `{% if "decide" in can %}`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"can": frozenset()}
    return {"can": frozenset(one.value for one in abilities_of(role_of(user)))}
