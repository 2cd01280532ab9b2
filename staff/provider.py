"""Logging in by the organisation's identity provider: who may come in, and as what, is decided here.

With groups configured (`ASPOKTATAS_OIDC_ROLES`) they alone decide, at every login anew; without them only who is known
or invited comes in, recognised by an address that the provider has verified.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from config.people import PROVIDER_ID
from staff.roles import Role
from staff.services.admit import Newcomer, NotAdmittedError, admit

log = logging.getLogger(__name__)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library ships no types
    """What allauth asks of its house."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs up: whoever may come in is known after `pre_social_login`."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find or make the person's login, or show them the page that says no."""
        known = sociallogin.user if sociallogin.is_existing else None
        try:
            user = admit(newcomer_of(sociallogin), known)
        except NotAdmittedError as refusal:
            page = render(request, "socialaccount/refused.html", {"reason": refusal.reason}, status=403)
            raise ImmediateHttpResponse(page) from None
        if known is None:
            sociallogin.connect(request, user)


def newcomer_of(sociallogin: SocialLogin) -> Newcomer:
    """What the provider says of whoever logged in: the signed token first, then what its userinfo adds."""
    data = sociallogin.account.extra_data
    claims = {**(data.get("userinfo") or {}), **(data.get("id_token") or {})}
    provider = settings.PEOPLE.provider
    assert provider is not None  # `_through` has looked
    address = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
    return Newcomer(
        address=address,
        login=str(claims.get("preferred_username") or ""),
        last_name=str(claims.get("family_name") or "")[:150],
        first_name=str(claims.get("given_name") or "")[:150],
        decided_by_groups=bool(provider.roles),
        role=highest_role(claims.get(provider.claim), provider.roles),
    )


def highest_role(groups: object, roles: Mapping[str, str]) -> Role | None:
    """The highest role of the groups that the claim names; a claim may be one word or a list of words."""
    named = {groups} if isinstance(groups, str) else {str(one) for one in groups} if isinstance(groups, list) else set()
    found = [Role(roles[group]) for group in named & roles.keys()]
    return max(found, key=list(Role).index, default=None)


class _Provider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The library trusts the token that it fetched itself; we look at its signature all the same."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """As the library does; userinfo must be about whom the token is."""
        login = super().complete_login(request, app, token, **kwargs)
        data = login.account.extra_data
        if not data.get("id_token") or data["id_token"].get("sub") != (data.get("userinfo") or {}).get("sub"):
            raise OAuth2Error("id_token and userinfo are about different people")
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


@login_not_required
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the provider, to log in and for nothing else that the library knows (`process`)."""
    if request.GET.get("process", "login") != "login":
        raise Http404
    return _through(OAuth2LoginView, request)


@login_not_required
@never_cache
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Whom the provider sent back."""
    if provider_id != PROVIDER_ID:
        raise Http404
    return _through(OAuth2CallbackView, request)


def _through(view: Any, request: HttpRequest) -> HttpResponse:
    if settings.PEOPLE.provider is None:
        raise Http404
    try:
        response: HttpResponse = view.adapter_view(_Provider(request, PROVIDER_ID))(request)
    except (
        requests.RequestException,
        OAuth2Error,
        KeyError,
        ValueError,
        TypeError,
    ) as error:  # away, or speaks nonsense
        log.error("the identity provider cannot be used: %s", type(error).__name__)
        return render(request, "socialaccount/authentication_error.html")
    return response
