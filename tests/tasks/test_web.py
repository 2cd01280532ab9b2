"""The staff page's own server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from urllib.request import urlopen

import pytest

from worker.web import WebServer

BODY = b"x" * 200_000


def test_a_page_in_hand_is_answered_to_its_end_when_the_server_stops(caplog: pytest.LogCaptureFixture) -> None:
    servers: list[WebServer] = []

    def application(_: object, start: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
        stopper = threading.Thread(target=servers[0].stop)
        stopper.start()
        stopper.join(0.2)  # it waits for this page in its turn
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
        return [BODY]

    servers.append(WebServer(application, 0))
    servers[0].start()
    with urlopen(f"http://127.0.0.1:{servers[0].port}/", timeout=20) as answer:
        assert answer.read() == BODY
    servers[0].thread.join(20)
    assert not servers[0].thread.is_alive()
    assert [one.getMessage() for one in caplog.records] == []
