"""An OAuth2 issuer on loopback: OpenID discovery and client credentials over TLS, token inspection for Dovecot."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

SECRET = "az alkalmazás titka"


@dataclass
class Issuer:
    """The running issuer. Tokens are good for `lifetime` seconds and for `user`; `refuses` turns clients away."""

    port: int
    inspection_port: int
    authority: str
    user: str = "asp"
    lifetime: int = 3600
    refuses: bool = False
    issued: list[str] = field(default_factory=list)
    grants: list[dict[str, str]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    issuer: Issuer

    def do_GET(self) -> None:
        """Discovery, and what a token is worth."""
        address = urlsplit(self.path)
        if address.path.endswith("/.well-known/openid-configuration"):
            base = self.issuer.authority
            self._answer(200, {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
            })  # fmt: skip
            return
        token = parse_qs(address.query).get("access_token", [""])[0]
        good = token in self.issuer.issued
        self._answer(200 if good else 401, {"email": self.issuer.user} if good else {"error": "invalid_token"})

    def do_POST(self) -> None:
        """The token endpoint."""
        form = {key: values[0] for key, values in parse_qs(self._body()).items()}
        self.issuer.grants.append(form)
        assertion = form.get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        if self.issuer.refuses or not (assertion or form.get("client_secret", self._basic_secret()) == SECRET):
            self._answer(401, {"error": "invalid_client", "error_description": "AADSTS7000215"})
            return
        token = f"jel-{len(self.issuer.issued) + 1}"
        self.issuer.issued.append(token)
        self._answer(200, {"access_token": token, "expires_in": self.issuer.lifetime, "token_type": "Bearer"})

    def _basic_secret(self) -> str:
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        return base64.b64decode(given).decode().partition(":")[2] if given else ""

    def _body(self) -> str:
        return self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Not to the test's output."""


@contextmanager
def run_issuer(folder: Path, authority: trustme.CA) -> Iterator[Issuer]:
    """An issuer whose certificate is of `authority`; `folder` keeps its key for a moment."""
    issued = authority.issue_cert("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    handler = type("Handler", (_Handler,), {})
    secure, plain = (ThreadingHTTPServer(("127.0.0.1", 0), handler) for _ in range(2))
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    port = secure.server_address[1]
    issuer = Issuer(int(port), int(plain.server_address[1]), f"https://127.0.0.1:{port}/pelda/v2.0")
    handler.issuer = issuer  # type: ignore[attr-defined]
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in (secure, plain)]
    for thread in threads:
        thread.start()
    try:
        yield issuer
    finally:
        for server in (secure, plain):
            server.shutdown()
            server.server_close()
