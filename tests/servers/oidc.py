"""An OpenID Connect provider on loopback: discovery, authorisation by code with PKCE, RS256 tokens, userinfo, keys.

It logs in whoever `claims` describe, without asking; what it signs can be spoilt on command.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "asp-oktatas", "az oldal titka"


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """The running provider. `spoilt` is "", or what is wrong with the next token: see `_Handler._token`."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    spoilt: str = ""
    refuses: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: list[dict[str, str]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        """Discovery, keys, the login itself, and who somebody is."""
        address = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(address.query).items()}
        base = self.provider.url
        if address.path == "/.well-known/openid-configuration":
            self._answer({
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/userinfo",
                "jwks_uri": f"{base}/keys",
            })  # fmt: skip
        elif address.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key("good").public_key()))
            self._answer({"keys": [{**public, "kid": "good", "alg": "RS256", "use": "sig"}]})
        elif address.path == "/authorize":
            self._authorize(asked)
        elif address.path == "/userinfo":
            other = {"sub": "somebody-else"} if self.provider.spoilt == "userinfo" else {}
            self._answer(self.provider.claims | other)
        else:
            self._answer({"error": "not found"}, 404)

    def do_POST(self) -> None:
        """The token endpoint: the code once, with the secret and the PKCE verifier."""
        length = int(self.headers.get("Content-Length", 0))
        form = {key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()}
        self.provider.requests.append(form)
        asked = self.provider.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            asked is None
            or form.get("client_secret") != CLIENT_SECRET
            or asked.get("code_challenge") != proved
            or asked["redirect_uri"] != form.get("redirect_uri")
        ):
            self._answer({"error": "invalid_grant"}, 400)
            return
        self._answer({"access_token": secrets.token_hex(8), "token_type": "Bearer", "id_token": self._token()})

    def _authorize(self, asked: dict[str, str]) -> None:
        if self.provider.refuses:
            answer = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_hex(8)
            self.provider.codes[code] = asked
            answer = {"code": code, "state": asked["state"]}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(answer)}")
        self.end_headers()

    def _token(self) -> str:
        now, spoilt = int(time.time()), self.provider.spoilt
        claims = {
            "iss": "https://masik.hu" if spoilt == "issuer" else self.provider.url,
            "aud": "masik-oldal" if spoilt == "audience" else CLIENT_ID,
            "iat": now,
            "exp": now - 60 if spoilt == "expired" else now + 300,
            **self.provider.claims,
        }
        key = _key("bad" if spoilt == "signature" else "good")
        if spoilt == "unsigned":
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "good"})
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "good"})

    def _answer(self, data: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def run_provider() -> Iterator[Provider]:
    """The provider while the block runs."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    handler.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
