"""Choosing how the pages look; also before the login."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from review.theme import COOKIE, THEMES

YEAR = 365 * 24 * 3600  # seconds


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice `theme` in a cookie and go back to the page that it was made on."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest()
    back = request.POST.get("back", "")
    secure = request.is_secure()
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=secure)
    response = redirect(back if safe else "queue")
    response.set_cookie(COOKIE, theme, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response
