"""Where a person is led whose session is over, and who opens an address that only takes what a form sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import is_valid_path
from django.utils.http import url_has_allowed_host_and_scheme

from review.labels import label

READING = ("GET", "HEAD", "OPTIONS")


class LoginMiddleware(LoginRequiredMiddleware):
    """Asks for a login, and leads back to a page that can be opened.

    What was sent when nobody was logged in any more is not done; that is said, and after the login the page stands
    there from which it was sent, never the address that the form was sent to.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; who walks to an address that takes only forms is led to the page above it."""
        response = cast(HttpResponseBase, super().__call__(request))  # nothing here is asynchronous
        # only a browser whose person typed, reloaded or followed it says so; a program gets its 405
        if response.status_code == 405 and request.headers.get("Sec-Fetch-Mode") == "navigate":
            return HttpResponseRedirect(_page_above(request))
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """Lead to the login page."""
        if request.method in READING:
            return super().handle_no_permission(request, view_func)
        messages.warning(request, label("refused", "session_over"))
        return redirect_to_login(_page_before(request), resolve_url(settings.LOGIN_URL))


def _page_before(request: HttpRequest) -> str:
    """The page of ours that sent the form, else the list."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return "/"
    parts = urlsplit(referer)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _page_above(request: HttpRequest) -> str:
    """The nearest address above that there is, with the same query: a case for what is done to it."""
    path = request.path
    while path := path.rpartition("/")[0]:
        for above in (path, f"{path}/"):
            if is_valid_path(above):
                query = request.META.get("QUERY_STRING", "")
                return f"{above}?{query}" if query else above
    return "/"
