"""Sentry and an OpenTelemetry collector on loopback, as far as the product talks to them: what arrives is kept."""

from __future__ import annotations

import gzip
import json
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Receiver:
    """One server for both; `posts` are the unpacked bodies by path, `heads` their request lines and headers."""

    port: int
    posts: defaultdict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    heads: list[str] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def dsn(self) -> str:
        """The project's DSN."""
        return f"http://public@127.0.0.1:{self.port}/7"

    @property
    def endpoint(self) -> str:
        """What ASPOKTATAS_OTLP_ENDPOINT names."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def everything(self) -> str:
        """All that arrived, headers too, as text: what is no UTF-8 (ids of traces) as marks."""
        bodies = [body.decode("utf-8", "replace") for bodies in self.posts.values() for body in bodies]
        return "\n".join([*self.heads, *bodies])

    def events(self) -> list[dict[str, Any]]:
        """What Sentry got: the events of all envelopes."""
        found = []
        for body in self.posts["/api/7/envelope/"]:
            lines = body.split(b"\n")
            items = zip(lines[1::2], lines[2::2], strict=False)
            found += [json.loads(payload) for head, payload in items if json.loads(head)["type"] == "event"]
        return found

    def spans(self) -> list[Span]:
        """What the collector got."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.posts["/v1/traces"]]
        resources = [one for request in requests for one in request.resource_spans]
        return [span for one in resources for scope in one.scope_spans for span in scope.spans]

    def wait_for(self, path: str, seconds: float = 10) -> None:
        """Return once something was posted to `path`."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: path in self.posts, seconds)


def words_of(span: Span) -> Mapping[str, str | int]:
    """A span's attributes."""
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Keep it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        body = gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body
        receiver = self.server.receiver
        with receiver.arrived:
            receiver.heads.append(f"{self.requestline}\n{self.headers}")
            receiver.posts[self.path].append(body)
            receiver.arrived.notify_all()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class _Server(ThreadingHTTPServer):
    receiver: Receiver


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver for as long as the block runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.receiver = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A fresh one."""
    with receiving() as made:
        yield made
