"""Behind reverse proxies: the client's address and scheme as our own proxies saw them, and nobody else's word.

Every proxy adds the address it was asked from to the end of X-Forwarded-For. With N proxies of ours the N-th entry from
the end is the client; what stands before it the client may have made up.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ADDRESS, SCHEME = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"
OTHERS = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_REAL_IP")


class ProxyMiddleware:
    """Puts address and scheme where all others look for them, and takes the headers away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request that says who asks."""
        proxies = settings.PEOPLE.proxies
        addresses = [one.strip() for one in request.META.pop(ADDRESS, "").split(",") if one.strip()]
        scheme = request.META.pop(SCHEME, "").rpartition(",")[2].strip().lower()
        for name in OTHERS:
            request.META.pop(name, None)
        if proxies and len(addresses) >= proxies:
            request.META["REMOTE_ADDR"] = _without_port(addresses[-proxies])
        if proxies:
            request.META["wsgi.url_scheme"] = "https" if scheme == "https" else "http"
        return self.get_response(request)


def _without_port(address: str) -> str:
    """`192.0.2.1:1234` and `[2001:db8::1]:1234` as some proxies write them."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
