"""The client's address is what our own proxies saw, and nobody's word is taken without them."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from staff.proxies import ProxyMiddleware
from tests.staff.conftest import people_settings
from worker.web import WebServer


def seen(settings: Settings, proxies: int, **headers: str) -> tuple[str, bool]:
    """Address and whether over TLS, as the product sees a request from 10.0.0.1 with these headers."""
    settings.PEOPLE = people_settings(proxies=proxies)
    found: list[HttpRequest] = []

    def keep(request: HttpRequest) -> HttpResponse:
        found.append(request)
        return HttpResponse()

    ProxyMiddleware(keep)(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **headers))  # type: ignore[arg-type]
    [request] = found
    assert not [name for name in request.META if "FORWARDED" in name]
    return request.META["REMOTE_ADDR"], request.is_secure()


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "192.0.2.1", "10.0.0.1"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "6.6.6.6, 192.0.2.1", "192.0.2.1"),
        (2, "6.6.6.6, 192.0.2.1, 10.0.0.9", "192.0.2.1"),
        (2, "192.0.2.1", "10.0.0.1"),
        (1, "192.0.2.1:4711", "192.0.2.1"),
        (1, "[2001:db8::7]:443", "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "", "10.0.0.1"),
    ],
)
def test_addresses(settings: Settings, proxies: int, header: str, expected: str) -> None:
    assert seen(settings, proxies, HTTP_X_FORWARDED_FOR=header)[0] == expected


@pytest.mark.parametrize(
    ("proxies", "scheme", "expected"),
    [(0, "https", False), (1, "https", True), (1, "http", False), (1, "https,http", False), (1, "", False)],
)
def test_schemes(settings: Settings, proxies: int, scheme: str, expected: bool) -> None:
    assert seen(settings, proxies, HTTP_X_FORWARDED_PROTO=scheme)[1] is expected


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # waitress, stopped
def test_the_one_process_server_hands_the_headers_on() -> None:
    """waitress would take them away before the product could look."""
    headers: list[tuple[str, str]] = []

    def application(environ: dict[str, str], start: object) -> Iterator[bytes]:
        headers.append((environ.get("HTTP_X_FORWARDED_FOR", ""), environ.get("HTTP_X_FORWARDED_PROTO", "")))
        start("200 OK", [("Content-Length", "0")])  # type: ignore[operator]
        return iter([b""])

    server = WebServer(application, 0)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/", headers={"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"})
    assert connection.getresponse().status == 200
    connection.close()
    server.stop()
    assert headers == [("192.0.2.1", "https")]
